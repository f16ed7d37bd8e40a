"""What is wrong with what is promised or needed."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import ClassVar

from summit_contracts.errors import Invalid


class CapabilityUnknown(Invalid):
    """The taxonomy has no such capability."""

    slug: ClassVar[str] = "capability-unknown"
    title: ClassVar[str] = "No such capability."

    def __init__(self, code: str, version: int) -> None:
        super().__init__(
            f"Version {version} of the taxonomy has no capability {code!r}.",
            remedy="Choose a capability from the taxonomy.",
            field="promise.capability",
            capability=code,
            taxonomy=version,
        )


class CapabilityNotOffered(Invalid):
    """The version of the taxonomy has it no more, or not yet."""

    slug: ClassVar[str] = "capability-not-offered"
    title: ClassVar[str] = "The capability is not offered in this version of the taxonomy."

    def __init__(self, code: str, version: int) -> None:
        super().__init__(
            f"{code!r} is not offered in version {version} of the taxonomy.",
            remedy="Use the current version of the taxonomy and choose from it.",
            field="promise.taxonomy",
            capability=code,
            taxonomy=version,
        )


class CategoryDiffers(Invalid):
    """The capability belongs to another category."""

    slug: ClassVar[str] = "category-differs"
    title: ClassVar[str] = "The capability belongs to another category."

    def __init__(self, capability: str, category: str, belongs_to: str) -> None:
        super().__init__(
            f"{capability!r} belongs to {belongs_to!r}, not to {category!r}.",
            remedy=f"Write the category {belongs_to!r}, or choose another capability.",
            field="promise.category",
            category=belongs_to,
        )


class TermUnknown(Invalid):
    """The vocabulary has no such term."""

    slug: ClassVar[str] = "term-unknown"
    title: ClassVar[str] = "No such term."

    def __init__(self, vocabulary: str, code: str, field: str, known: Sequence[str]) -> None:
        near = get_close_matches(code, known, n=1)
        super().__init__(
            f"The vocabulary {vocabulary!r} has no term {code!r}.",
            remedy=f"Did you mean {near[0]!r}?" if near else f"Choose one of: {', '.join(known)}.",
            field=field,
            vocabulary=vocabulary,
            term=code,
        )


class CurrencyUnknown(Invalid):
    """No currency has this code."""

    slug: ClassVar[str] = "currency-unknown"
    title: ClassVar[str] = "No such currency."

    def __init__(self, currency: str) -> None:
        super().__init__(
            f"No currency has the code {currency!r}.",
            remedy="Write an ISO 4217 code, e.g. USD.",
            field="promise.amount.currency",
            currency=currency,
        )


class AmountNotReadable(Invalid):
    """The text is no amount of money."""

    slug: ClassVar[str] = "amount-not-readable"
    title: ClassVar[str] = "The amount cannot be read."

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:40]!r} is no amount of money.",
            remedy="Write digits, with a point before the decimals and nothing else, e.g. 150000.50; at most 15 digits in all.",
            field="promise.amount",
        )


class AmountTooFine(Invalid):
    """Finer than the smallest unit of the currency; it is refused, since rounding would change a promise."""

    slug: ClassVar[str] = "amount-too-fine"
    title: ClassVar[str] = "The amount is finer than the currency's smallest unit."

    def __init__(self, text: str, currency: str, decimals: int) -> None:
        super().__init__(
            f"{currency} has {decimals} decimals, and {text[:40]!r} has more.",
            remedy=f"Write at most {decimals} decimals.",
            field="promise.amount",
            decimals=decimals,
        )


class PartnerIsThePledger(Invalid):
    """The pledger is its own partner."""

    slug: ClassVar[str] = "partner-is-the-pledger"
    title: ClassVar[str] = "The pledger is among the partners."

    def __init__(self, position: int, pledger: str) -> None:
        super().__init__(
            f"{pledger} leads the pledge and is named as its own partner.",
            remedy="Name the others only; what they do not bear is the pledger's.",
            field=f"promise.partners[{position}].invitee",
        )


class PartnerTwice(Invalid):
    """The same partner is named twice."""

    slug: ClassVar[str] = "partner-twice"
    title: ClassVar[str] = "The same partner twice."

    def __init__(self, position: int, partner: str) -> None:
        super().__init__(
            f"{partner} is named twice.",
            remedy="Name each partner once, with all it bears.",
            field=f"promise.partners[{position}]",
        )


class ShareNotComparable(Invalid):
    """A share is in another unit or currency than the whole, or the whole has no number."""

    slug: ClassVar[str] = "share-not-comparable"
    title: ClassVar[str] = "The share is no part of the whole."

    def __init__(self, position: int, part: str) -> None:
        super().__init__(
            f"The {part} of partner {position} cannot be taken from the whole.",
            remedy="Give shares in the unit and currency of the promise, or per cent; give the promise a number first.",
            field=f"promise.partners[{position}].{part}",
        )


class SharesExceedTheWhole(Invalid):
    """The partners bear more than there is."""

    slug: ClassVar[str] = "shares-exceed-the-whole"
    title: ClassVar[str] = "The shares exceed the whole."

    def __init__(self, part: str, shares: int, whole: int) -> None:
        super().__init__(
            f"The partners bear {shares} of {whole}.",
            remedy="Lower the shares, or raise the whole.",
            field="promise.partners",
            part=part,
            shares=shares,
            whole=whole,
        )


class AdditionalityNotStated(Invalid):
    """Who pledges says whether it is new."""

    slug: ClassVar[str] = "additionality-not-stated"
    title: ClassVar[str] = "New, or said before?"

    def __init__(self) -> None:
        super().__init__(
            "A pledge says whether it is new or reaffirms an older one.",
            remedy="Choose `new` or `reaffirmation`.",
            field="promise.additionality",
        )


class SourceMissing(Invalid):
    """What the secretariat records has a source."""

    slug: ClassVar[str] = "source-missing"
    title: ClassVar[str] = "No source."

    def __init__(self) -> None:
        super().__init__(
            "A pledge that the secretariat records says where it can be read.",
            remedy="Name at least one source.",
            field="promise.sources",
        )

"""Every code of a promise means something, and no share is more than there is."""

from typing import Any

import pytest

from summit_contracts.errors import Invalid
from summit_contracts.promises import Announcement, Condition, Need, Partner, Source
from summit_contracts.quantities import AtLeast, Exact, ExactAmount, NoneGiven, Open, Percent, UpTo
from summit_contracts.values import Money
from summit_pledges.domain.errors import promises as errors
from summit_pledges.domain.promise import check_need, check_written_down
from summit_pledges.domain.taxonomy import shipped_taxonomy
from summit_testkit.pledges import MADE_AT, a_promise

TAXONOMY = shipped_taxonomy()
TEN = Exact(count=10, unit="officer")


def dollars(minor: int, currency: str = "USD") -> Money:
    return Money(amount_minor=minor, currency=currency)


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"capability": "battleship"}, errors.CapabilityUnknown, "promise.capability"),
        ({"category": "military"}, errors.CategoryDiffers, "promise.category"),
        ({"taxonomy": 99}, errors.CapabilityNotOffered, "promise.taxonomy"),
        ({"quantity": UpTo(maximum=2, unit="squad")}, errors.TermUnknown, "promise.quantity.unit"),
        (
            {"conditions": (Condition(kind="maybe", words="perhaps"),)},
            errors.TermUnknown,
            "promise.conditions[0].kind",
        ),
        (
            {"announced": Announcement(event="UNCOPS", announced_on=MADE_AT.date(), instrument="rumour")},
            errors.TermUnknown,
            "promise.announced.instrument",
        ),
        ({"sources": (Source(reference="x", kind="rumour"),)}, errors.TermUnknown, "promise.sources[0].kind"),
        (
            {"sources": (Source(reference="x", kind="press", quantity=Exact(count=1, unit="squad")),)},
            errors.TermUnknown,
            "promise.sources[0].quantity.unit",
        ),
        ({"amount": ExactAmount(money=dollars(1, "ZZZ"))}, errors.CurrencyUnknown, "promise.amount.currency"),
        ({"partners": (Partner(invitee="KE"),)}, errors.PartnerIsThePledger, "promise.partners[0].invitee"),
        (
            {"partners": (Partner(invitee="IE"), Partner(invitee="IE"))},
            errors.PartnerTwice,
            "promise.partners[1]",
        ),
    ],
)
def test_what_means_nothing_is_refused_with_its_field(
    changes: dict[str, Any], refusal: type[Invalid], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        check_written_down(a_promise(**changes), "KE", TAXONOMY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("quantity", "shares"),
    [
        (TEN, (Exact(count=6, unit="officer"), Exact(count=4, unit="officer"))),
        (TEN, (Exact(count=5, unit="officer"), Percent(basis_points=5000))),
        (UpTo(maximum=10, unit="officer"), (Exact(count=10, unit="officer"),)),
        (AtLeast(minimum=10, unit="officer"), (Exact(count=99, unit="officer"),)),
        (NoneGiven(), (Percent(basis_points=6000), Percent(basis_points=4000))),
    ],
)
def test_shares_that_fit_the_whole_are_taken(quantity: Any, shares: tuple[Any, ...]) -> None:
    partners = tuple(Partner(words=f"partner {number}", share=share) for number, share in enumerate(shares))
    check_written_down(a_promise(quantity=quantity, partners=partners), "KE", TAXONOMY)


@pytest.mark.parametrize(
    ("quantity", "shares", "refusal"),
    [
        (TEN, (Exact(count=11, unit="officer"),), errors.SharesExceedTheWhole),
        (TEN, (Exact(count=6, unit="officer"), Percent(basis_points=5000)), errors.SharesExceedTheWhole),
        (NoneGiven(), (Percent(basis_points=6000), Percent(basis_points=4001)), errors.SharesExceedTheWhole),
        (TEN, (Exact(count=1, unit="unit"),), errors.ShareNotComparable),
        (NoneGiven(unit="officer"), (Exact(count=1, unit="officer"),), errors.ShareNotComparable),
        (Percent(basis_points=3500), (Exact(count=1, unit="officer"),), errors.ShareNotComparable),
    ],
)
def test_shares_that_are_no_part_of_the_whole_are_refused(
    quantity: Any, shares: tuple[Any, ...], refusal: type[Invalid]
) -> None:
    partners = tuple(Partner(words=f"partner {number}", share=share) for number, share in enumerate(shares))
    with pytest.raises(refusal):
        check_written_down(a_promise(quantity=quantity, partners=partners), "KE", TAXONOMY)


def test_money_shares_are_in_the_currency_of_the_amount_and_not_more() -> None:
    amount = ExactAmount(money=dollars(100))
    check_written_down(
        a_promise(amount=amount, partners=(Partner(words="a", money=dollars(100)),)), "KE", TAXONOMY
    )
    with pytest.raises(errors.SharesExceedTheWhole):
        check_written_down(
            a_promise(
                amount=amount,
                partners=(Partner(words="a", money=dollars(60)), Partner(words="b", money=dollars(41))),
            ),
            "KE",
            TAXONOMY,
        )
    for promise in (
        a_promise(amount=amount, partners=(Partner(words="a", money=dollars(1, "EUR")),)),
        a_promise(partners=(Partner(words="a", money=dollars(1)),)),
    ):
        with pytest.raises(errors.ShareNotComparable):
            check_written_down(promise, "KE", TAXONOMY)


def test_a_need_is_held_to_the_same_vocabularies() -> None:
    need = Need(taxonomy=1, category="police", capability="formed_police_unit", quantity=TEN, timeline=Open())
    check_need(need, TAXONOMY)
    for wrong, refusal in (
        ({"capability": "battleship"}, errors.CapabilityUnknown),
        ({"category": "air"}, errors.CategoryDiffers),
        ({"quantity": Exact(count=1, unit="squad")}, errors.TermUnknown),
        ({"source": Source(reference="x", kind="rumour")}, errors.TermUnknown),
    ):
        with pytest.raises(refusal):
            check_need(need.model_copy(update=wrong), TAXONOMY)

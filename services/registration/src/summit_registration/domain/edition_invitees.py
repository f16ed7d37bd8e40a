"""Who an edition file invites: groups and lists of codes, made into one row for each invitee."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from summit_contracts import reference
from summit_contracts.editions import EditionInvitee
from summit_contracts.values import InviteeCode, InviteeKind, Language, Value
from summit_registration.domain.edition_shape import Misfit
from summit_registration.domain.spelling import did_you_mean
from summit_registration.domain.toml_lines import Path

Codes = tuple[InviteeCode, ...]
Group = Literal["all"] | Codes


class InviteeLanguages(Value):
    """Which invitees are written to in which language; everybody else in the default."""

    default: Language | None = None
    """None means the edition's fallback language."""
    ar: Codes = ()
    zh: Codes = ()
    en: Codes = ()
    fr: Codes = ()
    ru: Codes = ()
    es: Codes = ()

    def lists(self) -> Iterator[tuple[Language, Codes]]:
        """Each language with the codes listed under it."""
        for language in Language:
            yield language, getattr(self, language.value)


class InviteeLists(Value):
    """Who is invited, group by group: `"all"` of the reference tables, or those listed."""

    member_states: Group = ()
    observer_states: Group = ()
    organizations: Group = ()
    police_bodies: Group = ()
    principals: Group = ()
    languages: InviteeLanguages = InviteeLanguages()

    def groups(self) -> Iterator[tuple[str, InviteeKind, Group]]:
        """Each group with its key and the kind of invitee it holds."""
        for key, kind in _KIND_OF.items():
            yield key, kind, getattr(self, key)


_KIND_OF: Final[Mapping[str, InviteeKind]] = {
    "member_states": InviteeKind.MEMBER_STATE,
    "observer_states": InviteeKind.OBSERVER_STATE,
    "organizations": InviteeKind.ORGANIZATION,
    "police_bodies": InviteeKind.POLICE_BODY,
    "principals": InviteeKind.PRINCIPAL,
}
_GROUP_OF: Final = {kind: key for key, kind in _KIND_OF.items()}


def invited(lists: InviteeLists, fallback: Language) -> tuple[EditionInvitee, ...]:
    """One row for each invitee that the lists and the reference tables both know, in the order of the tables."""
    language_of = {code: language for language, codes in lists.languages.lists() for code in codes}
    default = lists.languages.default or fallback
    codes = {code for _, kind, group in lists.groups() for code in _members(kind, group)}
    return tuple(
        EditionInvitee(code=one.code, kind=one.kind, language=language_of.get(one.code, default))
        for one in reference.invitees().values()
        if one.code in codes
    )


def misplaced_codes(lists: InviteeLists, path: Path) -> Iterator[Misfit]:
    """Every code that nobody has, that stands in the wrong group, or that stands somewhere twice."""
    yield from _unknown_or_twice(
        ((*path, key, position), code, kind)
        for key, kind, group in lists.groups()
        if group != "all"
        for position, code in enumerate(group)
    )
    yield from _unknown_or_twice(
        ((*path, "languages", language.value, position), code, None)
        for language, codes in lists.languages.lists()
        for position, code in enumerate(codes)
    )
    if not any(group for _, _, group in lists.groups()):
        yield Misfit(path, "nobody is invited.", 'Add a group, e.g. member_states = "all".')


def unknown_code(code: str, path: Path) -> Misfit | None:
    """A misfit where nobody in the reference tables has this code, or nothing."""
    if code in reference.invitees():
        return None
    return Misfit(
        path,
        f"nobody has the code {code!r}.",
        _meant(code) or "Look the code up in the reference tables of summit-contracts.",
    )


def _members(kind: InviteeKind, group: Group) -> Iterable[str]:
    return (
        (one.code for one in reference.invitees().values() if one.kind is kind) if group == "all" else group
    )


def _unknown_or_twice(places: Iterable[tuple[Path, str, InviteeKind | None]]) -> Iterator[Misfit]:
    first: dict[str, Path] = {}
    for place, code, kind in places:
        if unknown := unknown_code(code, place):
            yield unknown
            continue
        actual = reference.invitees()[code].kind
        if kind not in (None, actual):
            yield Misfit(place, f"{code} is no {kind}.", f"Move it to {_GROUP_OF[actual]}.")
        if code in first:
            yield Misfit(place, f"{code} stands here twice.", "Leave it out in one of the two places.")
        first.setdefault(code, place)


def _meant(code: str) -> str:
    everybody = reference.invitees().values()
    by_iso3 = {one.iso3: one.code for one in everybody if one.iso3}
    if code in by_iso3:
        return f"Did you mean {by_iso3[code]!r}?"
    return did_you_mean(code, [one.code for one in everybody])

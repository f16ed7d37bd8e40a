"""What an amendment changed, field by field; what names or reaches a person is shown as changed, never what it says."""

from collections.abc import Iterator, Sequence

from summit_contracts.values import FieldChange, Language, as_text
from summit_registration.domain.people import Member, personal_fields, public_fields


def field_changes(
    before: Sequence[Member], after: Sequence[Member], *, language: tuple[Language, Language]
) -> tuple[FieldChange, ...]:
    """Every field that differs; `language` is the delegation's before and after. Places are named by their member's id."""
    was, is_now = ({member.member_id: member for member in members} for members in (before, after))
    changes = [_public("language", *language)]
    for member_id in {**was, **is_now}:
        changes += _of_member(f"members[{member_id}]", was.get(member_id), is_now.get(member_id))
    return tuple(change for change in changes if change is not None)


def _of_member(path: str, before: Member | None, after: Member | None) -> Iterator[FieldChange | None]:
    for fields, change in ((public_fields, _public), (personal_fields, _personal)):
        was, is_now = (dict(fields(member)) if member else {} for member in (before, after))
        for name in {**was, **is_now}:
            yield change(f"{path}.{name}", was.get(name), is_now.get(name))


def _public(path: str, before: object, after: object) -> FieldChange | None:
    return None if before == after else FieldChange(path=path, before=as_text(before), after=as_text(after))


def _personal(path: str, before: object, after: object) -> FieldChange | None:
    return None if before == after else FieldChange(path=path, is_personal=True)

"""Invitations and delegations in which everything is there that can be kept, for whoever has to keep them."""

from datetime import timedelta
from typing import Any

from summit_contracts.values import Function, Language, Rank
from summit_registration.domain.access import FocalRole
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.draft import Draft, DraftPerson, DraftWish
from summit_registration.domain.invitation import Extension, Invitation
from summit_registration.domain.ports import Published, Unit
from summit_testkit.builders.registration import (
    FIRST_DAY,
    LAST_DAY,
    OPENED_AT,
    a_head,
    a_nominee,
    a_wish,
    an_edition,
    focal_points,
    registration_of_ke,
)
from summit_testkit.places import Places

EDITION = an_edition()
OTHER = an_edition(edition_id="other-2024", title="Another summit")


def an_invitation(code: str = "KE", *, edition: Any = EDITION, with_backup: bool = True) -> Invitation:
    row = edition.invitee(code)
    assert row is not None
    focal = focal_points(code, with_backup=with_backup)
    issued, _ = Invitation.issue(
        edition, row, focal, link=f"link-of-{edition.edition_id}-{code}", now=OPENED_AT
    )
    return issued


def a_busy_invitation() -> Invitation:
    """Everything an invitation can remember is there."""
    until_at = EDITION.deadlines.nominate_by_at + timedelta(days=3, microseconds=1)
    extension = Extension(until_at, "secretariat/one", "Note verbale of 28 July")
    extended, _ = an_invitation().extend("nominate", extension, deadlines=EDITION.deadlines, now=OPENED_AT)
    link = "link-of-small-2022-KE"
    asked, _ = extended.request_code(FocalRole.BACKUP, link=link, code="12345678", now=OPENED_AT)
    tried, _ = asked.sign_in(link=link, code="00000000", now=OPENED_AT)
    return tried


def a_busy_delegation() -> Delegation:
    """Everything a registered delegation can remember is there."""
    person = {"title": "Inspector General", "email": "g@ke.example", "language": Language.FRENCH}
    head = a_head("Élodie Wanjirũ 王", arrives_on=FIRST_DAY, leaves_on=LAST_DAY, **person)
    registered = registration_of_ke(
        head, a_nominee("Second", Function.ALTERNATE), a_nominee("Third"), wishes=(a_wish("FR"), a_wish("RW"))
    ).after
    second, third = registered.members[1:]
    accredited = registered.accredit(second.member_id).after
    return accredited.refuse(third.member_id, "incomplete_papers").after


def a_drafted_delegation(code: str = "FR") -> Delegation:
    person = DraftPerson(name="Half a na", email="not-yet", function=Function.HEAD, rank=Rank.MINISTER)
    wish = DraftWish(counterparts=("KE",), priority=2, topic="…", size=0, days=(FIRST_DAY,))
    draft = Draft(language=Language.FRENCH, members=(person,), wishes=(wish,), remark="Ask the Ambassador")
    return Delegation.blank(an_invitation(code)).write(draft)


async def given(places: Places[Unit], *delegations: Delegation) -> None:
    """Both editions, invitations of KE, FR and INTERPOL to the first and of KE to the other, and these delegations."""
    async with places.unit() as unit:
        await unit.editions.save(Published(EDITION, 1))
        await unit.editions.save(Published(OTHER, 1))
        await unit.invitations.save(*map(an_invitation, ("KE", "FR", "INTERPOL")))
        await unit.invitations.save(an_invitation("KE", edition=OTHER))
        for one in delegations:
            await unit.delegations.save(one)

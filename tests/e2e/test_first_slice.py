"""From a form sent over HTTP to a letter in a mailbox: the first slice through everything."""

import pytest

from summit_contracts.fact import Stream
from summit_contracts.notifications import LetterSent
from summit_contracts.registration import ContactsNamed, DelegationRegistered
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, form
from summit_testkit.scenarios.outsider import text_of
from summit_testkit.scenarios.summit import SIX


async def test_a_registered_delegation_is_told_to_the_world_and_written_to(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("KE", form("KE"))
    heard = await outsider.fact(DelegationRegistered)
    assert (heard.data.invitee, heard.aggregateversion, len(heard.data.members)) == ("KE", 1, 2)
    letter = await outsider.letter("KE", "delegation_registered")
    assert outsider.focal("KE") in str(letter["To"])

    async def its_cause_is_told() -> None:
        sent = await outsider.facts(LetterSent, Stream.NOTIFICATIONS)
        about = [one for one in sent if one.data.letter == "delegation_registered"]
        assert [one.causationid for one in about] == [heard.id]

    await eventually(its_cause_is_told)


@pytest.mark.parametrize(("code", "language"), SIX.items())
async def test_a_letter_comes_in_the_language_of_its_reader(
    outsider: Outsider, code: str, language: str
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=[code]))
    letter = await outsider.letter(code, "invitation")
    assert letter["Content-Language"] == language
    html = letter.get_body(("html",))
    assert html is not None
    assert ('dir="rtl"' in html.get_content()) is (language == "ar")
    assert text_of(letter).isascii() is (language == "en")


async def test_names_and_addresses_are_on_no_public_stream(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    await outsider.register("KE", form("KE"))
    await outsider.fact(DelegationRegistered)
    await outsider.letter("KE", "invitation")  # so the address did travel
    assert await outsider.facts(ContactsNamed) == []
    public = await outsider.everything(Stream.SUMMIT)
    assert outsider.edition_id.encode() in public
    assert b"@ke." not in public
    assert b"Member 1 of KE" not in public

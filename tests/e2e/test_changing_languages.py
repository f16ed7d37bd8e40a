"""Whoever changes the language in the middle of a form goes on there, without JavaScript, and types nothing twice."""

from collections.abc import Awaitable, Callable

from summit_testkit.scenarios import Outsider, SummitFile, Visitor
from summit_testkit.scenarios.outsider import code_in, link_in
from summit_testkit.scenarios.summit import FIRST_DAY, LAST_DAY

SignIn = Callable[..., Awaitable[Visitor]]


async def test_who_changes_the_language_at_the_second_step_stays_there_and_signs_in(
    outsider: Outsider,
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    link = link_in(await outsider.letter("KE", "invitation"))
    async with Visitor(outsider.deployment.addresses["portal"]) as visitor:
        await visitor.open("/en/delegation/sign-in")
        await visitor.press("Send me a code", {"link": link})
        page = await visitor.follow("Français")
        assert (visitor.status, page.attributes["lang"]) == (200, "fr")
        assert page.forms[-1].fields["link"] == [link]
        page = await visitor.press(page.forms[-1].buttons[0].label, {"code": "00000000"})
        assert visitor.status == 422
        page = await visitor.press("العربية")
        assert page.forms[-1].fields["link"] == [link]
        code = code_in(await outsider.letter("KE", "sign_in_code"))
        await visitor.press(page.forms[-1].buttons[0].label, {"code": code})
        assert visitor.address.endswith("/ar/delegation")


async def test_who_changes_the_language_of_a_refused_form_is_told_again_and_loses_nothing(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    visitor = await sign_in("KE")
    await visitor.open("/en/delegation/form")
    typed = {
        "members.0.person.name": "Amina Head of KE",
        "members.0.person.title": 'Chief of "General Duties" & Traffic',
        "members.0.arrives_on": "2022-12-24",
        "wishes.0.counterparts": ["NO", "FR"],
        "wishes.0.topic": "Police",
        "wishes.0.days": [FIRST_DAY, LAST_DAY],
    }
    page = await visitor.press("Send to the Secretariat", typed)
    assert visitor.status == 422
    assert "The days must lie within the summit" in page.text
    for language, words in (("العربية", "يجب أن تقع الأيام"), ("Français", "Les jours doivent être compris")):
        page = await visitor.press(language)
        assert visitor.status == 422
        assert words in page.text
        kept = page.forms[-1].fields
        for name, said in typed.items():
            assert [one for one in kept[name] if one] == ([said] if isinstance(said, str) else said)
    await visitor.press("Envoyer au Secrétariat", {"members.0.arrives_on": FIRST_DAY})
    assert visitor.address.endswith("/fr/delegation?done=sent")

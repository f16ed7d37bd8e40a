"""A focal point's way into the portal, without JavaScript: the link of the invitation, then the code of the latest letter."""

from summit_testkit.eventually import eventually
from summit_testkit.scenarios.outsider import Outsider, code_in, link_in
from summit_testkit.scenarios.visitor import Visitor


async def through_the_door(outsider: Outsider, visitor: Visitor, code: str, language: str = "en") -> None:
    """The first page of the delegation is on the screen."""
    link = link_in(await outsider.letter(code, "invitation"))
    before = len(outsider.letters_to(code))
    await visitor.open(f"/{language}/delegation/sign-in?link={link}")
    await visitor.press(visitor.page.forms[-1].buttons[0].label)
    secret = await next_code(outsider, code, before)
    await visitor.press(visitor.page.forms[-1].buttons[0].label, {"code": secret})
    await eventually(lambda: _workspace_of(visitor, language))


async def next_code(outsider: Outsider, code: str, before: int) -> str:
    """The code that was sent to the invitee's focal point, who had so many letters before; others may come after it."""

    async def arrived() -> str:
        return code_in(*outsider.letters_to(code)[before:])

    return await eventually(arrived)


async def _workspace_of(visitor: Visitor, language: str) -> None:
    await visitor.open(f"/{language}/delegation")
    assert visitor.status == 200, visitor.page.text  # until the portal has heard of the summit

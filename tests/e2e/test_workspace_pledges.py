"""A delegation pledges at the portal, without JavaScript: advice, drafts, what stays private, and two people at one pledge."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from summit_contracts.pledges import PledgeMade
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, Visitor
from summit_testkit.scenarios.visitor import Seen, Typed

SignIn = Callable[..., Awaitable[Visitor]]
WHAT: Typed = {
    "capability": "formed_police_unit",
    "quantity.kind": "up_to",
    "quantity.number": "2",
    "timeline.end_on": "2023-06-30",
    "additionality": "new",
    "words": "Two units, one of them of women",
}


async def test_advice_says_what_is_missing_and_keeps_nothing(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    visitor = await sign_in("RW")
    await visitor.open("/en/delegation/pledges/new")
    page = await visitor.press(
        "What would be asked?", {"capability": "police_officers", "quantity.number": "x"}
    )
    assert "How many" in page.text
    page = await visitor.press("What would be asked?", {"quantity.number": ""})
    for criterion in ("Specific", "Measurable", "Relevant", "Time-bound"):
        assert f"{criterion}:" in page.text
    page = await visitor.press("What would be asked?", WHAT)
    assert "Time-bound:" not in page.text
    assert page.forms[-1].fields["words"] == [WHAT["words"]]
    assert "Nothing is pledged yet." in (await visitor.open("/en/delegation/pledges")).text


async def test_a_draft_is_gone_on_with_made_and_seen_by_everybody(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW", "FR"]))
    visitor = await sign_in("RW")
    await visitor.open("/en/delegation/pledges/new")
    partner = {"partners.0.invitee": "FR", "partners.0.share": "12.5", "partners.0.share_in": "percent"}
    page = await visitor.press(
        "Keep as a draft", {**WHAT, **partner, "amount.number": "150000.50", "amount.currency": "rsd"}
    )
    assert "The draft is kept." in page.text, page.text
    assert "150,000.50 RSD" in page.text
    assert "12.5 per cent" in page.text
    page = await visitor.follow("Go on with it")
    form = page.forms[-1]
    assert [form.fields[one][0] for one in ("quantity.number", "amount.number", "partners.0.share")] == [
        "2",
        "150000.5",
        "12.5",
    ]
    page = await visitor.press("Make the pledge", {"quantity.kind": "exact", "held_back": ["amount"]})
    assert "The pledge is made." in page.text, page.text
    heard = (await outsider.fact(PledgeMade)).data
    assert (heard.pledger, heard.promise.amount, heard.promise.words) == ("RW", None, WHAT["words"])
    pledge_id = visitor.address.rpartition("/")[2].partition("?")[0]

    async def is_public() -> None:
        public = await visitor.fetch(f"/fr/{outsider.edition_id}/pledges/{pledge_id}")
        assert public.status_code == 200
        assert "RSD" not in public.text

    await eventually(is_public)


async def test_what_is_refused_of_a_pledge_stands_at_its_field(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    visitor = await sign_in("RW")
    await visitor.open("/en/delegation/pledges/new")
    wrong = {**WHAT, "quantity.number": "two", "amount.number": "5", "amount.currency": "USDX"}
    page = await visitor.press("Make the pledge", wrong)
    assert visitor.status == 422
    for field in ("quantity.number", "amount.currency"):
        assert f'id="{field}-fault"' in visitor.html
    assert page.forms[-1].fields["quantity.number"] == ["two"]
    assert "Write a whole number in digits" in page.text
    thousands = {**WHAT, "amount.number": "250,000", "amount.currency": "USD"}
    page = await visitor.press("Make the pledge", thousands)
    assert visitor.status == 422, "nobody knows whether these are thousands"
    assert "Write 1250 for thousands" in page.text
    page = await visitor.press("Make the pledge", {**WHAT, "amount.number": "", "additionality": ""})
    assert visitor.status == 422, "nobody can count a pledge that does not say whether it is new"
    assert 'id="additionality-fault"' in visitor.html


async def test_a_pledges_form_sent_twice_is_one_change(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    visitor = await sign_in("RW")
    await visitor.open("/en/delegation/pledges/new")
    await visitor.press("Keep as a draft", WHAT)
    pledge = urlsplit(visitor.address).path
    path = f"{outsider.path}/pledges/{pledge.rpartition('/')[2]}"
    for step, said in (
        ("draft", {"amount.number": "250000.50", "amount.currency": "USD"}),
        ("make", {"place": "Bangui"}),
    ):
        sent = (await visitor.open(f"{pledge}/form")).forms[-1].fields | said | {"step": step}
        answers = [await visitor.send(f"{pledge}/form", sent) for _ in range(2)]
        assert [one.headers.get("location") for one in answers] == [f"{pledge}?done={step}"] * 2
    kept = await outsider.done("pledges", "GET", path, invitee="RW")
    assert [one["step"] for one in kept["inside"]["history"]] == ["draft", "revise", "revise", "make"]
    page = await visitor.open(pledge)
    withdraw = next(one for one in page.forms if one.action.endswith("/withdraw"))
    reasoned = {**withdraw.fields, "reason": ["No means"]}
    answers = [await visitor.send(f"{pledge}/withdraw", reasoned) for _ in range(2)]
    assert [one.headers.get("location") for one in answers] == [f"{pledge}?done=withdraw"] * 2


async def test_a_creation_gone_back_to_and_sent_with_something_else_is_told_and_sent_again(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    visitor = await sign_in("KE", "fr")
    sent = (await visitor.open("/fr/delegation/pledges/new")).forms[-1]
    typed = sent.fields | {
        "capability": [next(one for one in sent.choices["capability"] if one)],
        "step": ["draft"],
    }
    assert (await visitor.send("/fr/delegation/pledges/new", typed)).status_code == 303
    again = await visitor.send("/fr/delegation/pledges/new", {**typed, "words": ["Autre chose"]})
    told = Seen(again.text)
    assert again.status_code == 422
    assert "Ce formulaire a déjà été envoyé avec un autre contenu" in told.text
    assert "Idempotency-Key" not in told.text
    kept = told.forms[-1].fields
    assert [one.strip() for one in kept["words"]] == ["Autre chose"]
    assert (await visitor.send("/fr/delegation/pledges/new", {**kept, "step": ["draft"]})).status_code == 303


async def test_a_draft_thrown_away_twice_is_gone(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    visitor = await sign_in("RW")
    await visitor.open("/en/delegation/pledges/new")
    page = await visitor.press("Keep as a draft", WHAT)
    sent = next(one for one in page.forms if one.action.endswith("/discard"))
    answers = [await visitor.send(sent.action, sent.fields) for _ in range(2)]
    assert [one.headers.get("location") for one in answers] == ["/en/delegation/pledges"] * 2


async def test_what_the_form_has_no_place_for_is_refused_and_nothing_is_made_public(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    visitor = await sign_in("RW", "es")
    await visitor.open("/es/delegation/pledges/new")
    begun = visitor.page.forms[-1].fields
    typed = {
        **begun,
        **WHAT,
        "until_at": "2022-09-01T09:00",
        "timeline.start_on": "2023-01-01",
        "step": "make",
    }
    answer = await visitor.send("/es/delegation/pledges/new", typed)
    assert answer.status_code == 422
    for field in ("until_at", "timeline.start_on"):
        assert f'id="{field}-fault"' in answer.text
    assert "Elija otra cosa o vacíe este campo." in answer.text
    listed = await outsider.done("pledges", "GET", f"{outsider.path}/pledges", invitee="RW")
    assert listed["items"] == []


async def test_two_people_at_one_pledge_are_told_and_neither_loses_anything(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    one, other = await sign_in("RW"), await sign_in("RW")
    await one.open("/en/delegation/pledges/new")
    await one.press("Keep as a draft", WHAT)
    await one.follow("Go on with it")
    await other.open(one.address)
    await one.press("Keep as a draft", {"place": "Bangui"})
    page = await other.press("Make the pledge", {"words": "Typed by the other"})
    assert other.status == 412
    assert "Somebody else has changed this meanwhile." in page.text
    assert "Bangui" in page.text
    assert page.forms[-1].fields["words"] == ["Typed by the other"]
    page = await other.press("Make the pledge", {"place": "Bangui"})
    assert "The pledge is made." in page.text
    assert "Typed by the other" in page.text


async def test_a_draft_of_another_delegation_does_not_exist(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW", "FR"]))
    owner, stranger = await sign_in("RW"), await sign_in("FR")
    await owner.open("/en/delegation/pledges/new")
    await owner.press("Keep as a draft", WHAT)
    draft = owner.address.partition("?")[0]
    for address in (draft, f"{draft}/form"):
        await stranger.open(address)
        assert stranger.status == 404
        assert "Two units" not in stranger.html
    await owner.press("Throw the draft away")
    assert "Nothing is pledged yet." in owner.page.text


async def test_a_question_of_the_secretariat_is_answered_and_the_pledge_kept_reported_and_withdrawn(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    visitor = await sign_in("RW")
    await visitor.open("/en/delegation/pledges/new")
    await visitor.press("Make the pledge", WHAT)
    place = visitor.address.partition("?")[0]
    path = f"{outsider.path}/pledges/{place.rpartition('/')[2]}"

    async def desk(step: str, **body: object) -> None:
        revision = (await outsider.done("pledges", "GET", path))["revision"]
        await outsider.done(
            "pledges", "POST", f"{path}/{step}", json=body, headers={"if-match": f'"{revision}"'}
        )

    await desk("acknowledge")
    await desk("return", asks=["least_missing"], question="How many at least?")
    assert "How many at least?" in (await visitor.open(place)).text
    await visitor.follow("Change the pledge")
    await visitor.press("Save the changes", {"quantity.kind": "exact"})
    await desk("acknowledge")
    await desk("accept")
    await visitor.open(place)
    page = await visitor.press(
        "Send the report", {"as_of_on": "2022-06-01", "delivered": "1", "words": "One is there"}
    )
    assert "One is there" in page.text, page.text
    assert "This becomes public" in (await visitor.open(place)).text
    page = await visitor.press("Withdraw the pledge", {"reason": "No means"})
    assert "The pledge is withdrawn." in page.text

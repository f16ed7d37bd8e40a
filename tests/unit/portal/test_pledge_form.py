"""The form of a pledge gives back what it was filled with, and money is shown as it was promised."""

from typing import Any

import pytest

from summit_chassis.speech import speaking
from summit_contracts.currencies import currencies, decimals_of
from summit_contracts.promises import Promise
from summit_contracts.quantities import Exact
from summit_contracts.values import Language, Money
from summit_portal.pages.delegation.promised import filled
from summit_portal.pages.delegation.promising import differences, names_of, promise_of, visibility_of
from summit_portal.shell.figures import money
from summit_portal.shell.forms import Form

PLAIN: dict[str, Any] = {
    "taxonomy": 1,
    "category": "police",
    "capability": "formed_police_unit",
    "quantity": {"kind": "none_given"},
    "timeline": {"kind": "open"},
    "additionality": "new",
}
USD = {"amount_minor": 15_000_050, "currency": "USD"}
SAID: dict[str, dict[str, Any]] = {
    "so many": {"quantity": {"kind": "exact", "count": 2, "unit": "unit"}},
    "about so many": {"quantity": {"kind": "exact", "count": 2, "unit": "unit", "is_approximate": True}},
    "up to": {"quantity": {"kind": "up_to", "maximum": 275, "unit": "officer"}},
    "a range": {"quantity": {"kind": "range", "minimum": 2, "maximum": 4, "unit": "unit"}},
    "more than": {"quantity": {"kind": "at_least", "minimum": 9, "unit": "unit", "is_exceeded": True}},
    "a share": {"quantity": {"kind": "percent", "basis_points": 1250, "of": "officers"}},
    "about a share": {"quantity": {"kind": "percent", "basis_points": 1200, "is_approximate": True}},
    "money": {"amount": {"kind": "exact", "money": USD}},
    "money of three decimals": {
        "amount": {"kind": "exact", "money": {"amount_minor": 1255, "currency": "KWD"}}
    },
    "money up to": {"amount": {"kind": "up_to", "maximum": USD}},
    "money of a range": {"amount": {"kind": "range", "minimum": {**USD, "amount_minor": 1}, "maximum": USD}},
    "money at least": {"amount": {"kind": "at_least", "minimum": USD}},
    "by a day": {"timeline": {"kind": "by", "by_on": "2023-06-30", "words": "before the rains"}},
    "a window": {"timeline": {"kind": "window", "start_on": "2023-01-01"}},
    "a while": {
        "timeline": {"kind": "lasting", "lasting": {"count": 6, "unit": "month"}, "latest_on": "2024-12-31"}
    },
    "again": {
        "timeline": {
            "kind": "recurring",
            "every": {"count": 1, "unit": "year"},
            "lasting": {"count": 2, "unit": "week"},
        }
    },
    "a condition": {"conditions": [{"kind": "agreement", "words": "a letter of assist"}]},
    "partners": {
        "quantity": {"kind": "exact", "count": 4, "unit": "unit"},
        "partners": [
            {"invitee": "FR", "share": {"kind": "percent", "basis_points": 2550}},
            {"words": "a foundation", "share": {"kind": "exact", "count": 1, "unit": "unit"}, "money": USD},
        ],
    },
    "what the form does not ask": {
        "announced": {"event": "Ministerial", "announced_on": "2021-12-08"},
        "sources": [{"reference": "S/2022/1", "kind": "official_note"}],
        "follow_up": "Two of four have left",
    },
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_promise_that_nobody_touched_is_given_back_as_it_was(said: dict[str, Any]) -> None:
    kept = Promise.model_validate({**PLAIN, **said}).model_dump(mode="json")
    form = filled({"promise": kept, "held_back": []}, "Africa/Nairobi")
    assert Promise.model_validate(promise_of(form, kept)) == Promise.model_validate(kept)
    assert differences(form, form) == []


@pytest.mark.parametrize(
    ("path", "kind", "field"),
    [
        ("promise.quantity.exact.count", "exact", "quantity.number"),
        ("promise.quantity.range.maximum", "range", "quantity.most"),
        ("promise.quantity.up_to.maximum", "up_to", "quantity.number"),
        ("promise.quantity.unit", "exact", "quantity.unit"),
        ("promise.amount.exact.money.currency", "exact", "amount.currency"),
        ("promise.timeline.window.end_on", "", "timeline.end_on"),
        ("promise.timeline", "", "timeline.kind"),
        ("promise.category", "", "capability"),
        ("promise.partners[1].share", "", "partners.1.share"),
        ("promise.partners.0", "", "partners.0.invitee"),
        ("promise.conditions[0]", "", "conditions.0.words"),
        ("visibility.until_at", "", "until_at"),
    ],
)
def test_what_the_owner_refuses_finds_its_field(path: str, kind: str, field: str) -> None:
    form = Form.filled(**{"quantity.kind": kind, "amount.kind": kind})
    assert names_of([path], form) == {path: field}


def test_a_partners_share_is_counted_in_the_usual_unit_where_none_was_chosen() -> None:
    typed = {"quantity.number": "4", "partners.0.invitee": "FR", "partners.0.share": "1"}
    form = Form.filled(
        capability="formed_police_unit", additionality="new", **typed, **{"partners.0.share_in": "unit"}
    )
    promise = Promise.model_validate(promise_of(form))
    assert [one.share for one in promise.partners] == [Exact(count=1, unit="unit")]


def test_what_is_no_number_is_left_for_the_owner_to_refuse() -> None:
    typed = {"capability": "formed_police_unit", "quantity.number": "two", "amount.number": "1,5,0"}
    promise = promise_of(Form.filled(**typed, **{"amount.currency": "usd", "quantity.unit": "unit"}))
    assert promise["quantity"] == {"kind": "exact", "count": "“two”", "unit": "unit"}
    assert promise["amount"]["money"] == {"amount_minor": "“1,5,0”", "currency": "USD"}


def test_a_fraction_that_the_currency_has_not_is_not_rounded() -> None:
    promise = promise_of(Form.filled(**{"amount.number": "0.5", "amount.currency": "JPY"}))
    assert promise["amount"]["money"]["amount_minor"] == "“0.5”"


def test_an_embargo_ends_by_the_clocks_of_the_place_of_the_summit() -> None:
    form = Form.filled(openness="embargoed", until_at="2022-09-01T09:00")
    assert visibility_of(form, "Africa/Nairobi")["until_at"] == "2022-09-01T09:00:00+03:00"


@pytest.mark.parametrize("currency", sorted(currencies()))
def test_money_is_shown_with_the_decimals_of_its_currency(currency: str) -> None:
    with speaking(Language.ENGLISH):
        shown = money(Money(amount_minor=1234 * 10 ** decimals_of(currency), currency=currency))
    assert shown.partition(" ")[0].partition(".")[0] == "1,234"

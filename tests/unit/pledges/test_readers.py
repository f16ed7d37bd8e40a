"""Who may know of a pledge, and how much of it: every reader before every stage and openness."""

from datetime import timedelta

import pytest

from summit_contracts.promises import HeldBack, Source
from summit_pledges.domain.history import Actor
from summit_pledges.domain.pledge import DraftPledge, Pledge
from summit_pledges.domain.readers import DESK, PUBLIC_READER, Reader, focal_point_of
from summit_pledges.domain.taxonomy import shipped_taxonomy
from summit_pledges.domain.visibility import PRIVATE, PUBLIC, Visibility, embargoed
from summit_testkit.pledges import DESK_OFFICER, FOCAL_POINT, MADE_AT, a_promise

KENYA, NORWAY = focal_point_of("KE"), focal_point_of("NO")
EVERYBODY = {"desk": DESK, "pledger": KENYA, "another": NORWAY, "public": PUBLIC_READER}
EMBARGOED = embargoed(MADE_AT + timedelta(days=1), now=MADE_AT)
PLACE = a_promise(place="MINUSCA", sources=(Source(reference="A/77/1", kind="official_record"),))


def drafted(by: Actor, visibility: Visibility = PUBLIC) -> Pledge:
    command = DraftPledge("uncops-2022", "KE", PLACE, visibility, frozenset({HeldBack.PLACE}))
    return Pledge.draft(command, pledge_id="p1", by=by, at=MADE_AT, taxonomy=shipped_taxonomy())


def made(by: Actor, visibility: Visibility = PUBLIC) -> Pledge:
    return drafted(by, visibility).make(by=by, at=MADE_AT)[0]


def names(pledge: Pledge, *, who: str) -> set[str]:
    return {name for name, reader in EVERYBODY.items() if getattr(reader, who)(pledge)}


@pytest.mark.parametrize(
    ("pledge", "seen_by", "owned_by"),
    [
        pytest.param(drafted(FOCAL_POINT), {"pledger"}, {"pledger"}, id="a draft of the pledger"),
        pytest.param(drafted(DESK_OFFICER), {"desk"}, {"desk"}, id="a draft of the desk"),
        pytest.param(
            made(FOCAL_POINT, PRIVATE), {"desk", "pledger"}, {"desk", "pledger"}, id="a private pledge"
        ),
        pytest.param(
            made(DESK_OFFICER, PRIVATE), {"desk", "pledger"}, {"desk", "pledger"}, id="a private record"
        ),
        pytest.param(
            made(FOCAL_POINT, EMBARGOED), {"desk", "pledger"}, {"desk", "pledger"}, id="under embargo"
        ),
        pytest.param(made(FOCAL_POINT), set(EVERYBODY), {"desk", "pledger"}, id="a public pledge"),
    ],
)
def test_everybody_sees_what_was_published_and_only_its_sides_the_rest(
    pledge: Pledge, seen_by: set[str], owned_by: set[str]
) -> None:
    assert names(pledge, who="sees") == seen_by
    assert names(pledge, who="owns") == owned_by


@pytest.mark.parametrize(
    ("reader", "place"), [(DESK, "MINUSCA"), (KENYA, "MINUSCA"), (NORWAY, None), (PUBLIC_READER, None)]
)
def test_what_is_held_back_is_for_its_sides_alone(reader: Reader, place: str | None) -> None:
    assert reader.promise_of(made(FOCAL_POINT)).place == place


def test_who_acts_for_nobody_owns_nothing() -> None:
    assert not focal_point_of("").sees(made(FOCAL_POINT, PRIVATE))

"""A need is open from its publication until it is closed, and every publication is whole."""

import pytest

from summit_contracts.promises import Need
from summit_contracts.quantities import Exact, Open
from summit_pledges.domain.errors.promises import CapabilityUnknown
from summit_pledges.domain.errors.steps import NeedClosed, NothingChanged, PledgeChanged
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.taxonomy import shipped_taxonomy

TAXONOMY = shipped_taxonomy()
TWO_UNITS = Need(
    taxonomy=1,
    category="police",
    capability="formed_police_unit",
    quantity=Exact(count=2, unit="unit"),
    timeline=Open(),
)
THREE_UNITS = TWO_UNITS.model_copy(update={"quantity": Exact(count=3, unit="unit")})


def published() -> PublishedNeed:
    need, _ = PublishedNeed.publish(TWO_UNITS, edition_id="uncops-2022", need_id="need-1", taxonomy=TAXONOMY)
    return need


def test_each_publication_says_the_whole_need_with_its_revision() -> None:
    first, said = PublishedNeed.publish(
        TWO_UNITS, edition_id="uncops-2022", need_id="need-1", taxonomy=TAXONOMY
    )
    assert (said.subject, said.aggregate_id) == (
        "summit.uncops-2022.pledges.need_published.v1.need-1",
        "need/uncops-2022/need-1",
    )
    second, changed = first.change(THREE_UNITS, taxonomy=TAXONOMY)
    third, closed = second.close()
    assert [(one.revision, one.state, one.need) for one in (said, changed, closed)] == [
        (1, "open", TWO_UNITS),
        (2, "open", THREE_UNITS),
        (3, "closed", THREE_UNITS),
    ]
    assert not third.is_open


def test_a_closed_need_stays_closed() -> None:
    closed, _ = published().close()
    for step in (closed.check_open, closed.close, lambda: closed.change(THREE_UNITS, taxonomy=TAXONOMY)):
        with pytest.raises(NeedClosed):
            step()


def test_a_need_says_something_new_and_something_known() -> None:
    with pytest.raises(NothingChanged):
        published().change(TWO_UNITS, taxonomy=TAXONOMY)
    unknown = TWO_UNITS.model_copy(update={"capability": "battleship"})
    with pytest.raises(CapabilityUnknown):
        published().change(unknown, taxonomy=TAXONOMY)
    with pytest.raises(CapabilityUnknown):
        PublishedNeed.publish(unknown, edition_id="uncops-2022", need_id="need-1", taxonomy=TAXONOMY)


def test_a_change_on_an_old_revision_is_refused() -> None:
    changed, _ = published().change(THREE_UNITS, taxonomy=TAXONOMY)
    changed.expect(2)
    with pytest.raises(PledgeChanged):
        changed.expect(1)

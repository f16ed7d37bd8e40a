"""What is published about a pledge: nothing until it is public, and then nothing that is held back.

The one place that decides it; why it is so stands in summit_contracts.pledges.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from summit_contracts.fact import Fact
from summit_contracts.pledges import PledgeAmended, PledgeMade
from summit_contracts.promises import HeldBack, PledgeState, Promise, Side
from summit_pledges.domain.changes import changes_between
from summit_pledges.domain.history import Stage
from summit_pledges.domain.visibility import PUBLIC

if TYPE_CHECKING:
    from summit_pledges.domain.pledge import (
        Pledge,  # each speaks of the other: a pledge takes steps, this says them
    )

Outcome = tuple["Pledge", tuple[Fact, ...]]
"""The pledge after a step, and what is to be published."""


def shown(pledge: "Pledge") -> Promise:
    """The promise without the parts that are held back."""
    absent = {part: Promise.model_fields[part].get_default() for part in map(str, pledge.held_back)}
    return pledge.promise.model_copy(update=absent)


def said(pledge: "Pledge", fact: type[Fact], **specific: Any) -> Outcome:
    """The step that led here is published, if the pledge is public."""
    if pledge.published_at is None:
        return pledge, ()
    whole = {
        "edition_id": pledge.edition_id,
        "pledge_id": pledge.pledge_id,
        "pledger": pledge.pledger,
        "revision": pledge.revision,
        "state": PledgeState(pledge.stage),
        "made_at": pledge.made_at,
        "recorded_by": pledge.recorded_by,
        "promise": shown(pledge),
        "held_back": tuple(part for part in HeldBack if part in pledge.held_back),
    }
    return pledge, (fact.model_validate({**whole, **specific}),)


def amended(before: "Pledge", after: "Pledge", by: Side, at: datetime) -> Outcome:
    """The change is published, if the pledge is public; a part that was held back and is shown now is a change, too."""
    changes = changes_between(shown(before), shown(after))
    return said(after, PledgeAmended, amended_at=at, amended_by=by, changes=changes)


def opened(pledge: "Pledge", at: datetime) -> Outcome:
    """The pledge is published as it stands, if it was made and everybody may see it from now on."""
    if pledge.stage is Stage.DRAFT or not pledge.visibility.is_public_at(at):
        return pledge, ()
    public = replace(pledge, visibility=PUBLIC, published_at=at)
    own, evidence = pledge.latest_report(Side.PLEDGER), pledge.latest_report(Side.SECRETARIAT)
    return said(public, PledgeMade, self_report=own, evidence=evidence)

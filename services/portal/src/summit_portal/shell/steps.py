"""Steps of a pledge that a form asks for, and whether the last one that was taken is the very one that is asked for again."""

from collections.abc import Mapping
from typing import Any, Final

from summit_contracts.promises import DeliveryReport

_IN_HISTORY: Final = {"progress": "report", "fulfil": "confirm", "classify": "reclassify"}
"""What the history calls steps that forms call otherwise."""


def is_last(pledge: Mapping[str, Any], step: str, said: Mapping[str, Any] | None, account: str) -> bool:
    """Whether the pledge, as its owner answers it, was brought where it is by this step of this account, which said the same."""
    last, said = pledge["inside"]["history"][-1], said or {}
    note = said.get("question") or said.get("note") or said.get("reason")
    return (
        (last["step"], last["account"]) == (_IN_HISTORY.get(step, step), account)
        and (last["report"] is not None or (last["note"] or None) == (note or None))
        and set(last["asks"]) == set(said.get("asks", ()))
        and said.get("nature") in (None, pledge["promise"]["nature"])
        and (last["report"] is None or _is_report(last["report"], said))
    )


def _is_report(filed: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    again = DeliveryReport.model_validate({**said, "side": filed["side"]})
    return again == DeliveryReport.model_validate(filed)

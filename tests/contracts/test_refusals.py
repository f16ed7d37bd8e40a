"""Refusals become problem documents, which have members of their own."""

import pytest

from summit_contracts.errors import Refusal


@pytest.mark.parametrize("name", ["type", "title", "status", "instance"])
def test_a_detail_takes_no_name_that_every_problem_document_has(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        Refusal("It is over.", remedy="Ask anew.", **{name: "over"})


def test_other_details_are_kept_for_programs() -> None:
    assert Refusal("It is over.", remedy="Ask anew.", state="declined").details == {"state": "declined"}

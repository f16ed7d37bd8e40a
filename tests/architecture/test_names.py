"""Nothing bears a name that says nothing."""

from pathlib import Path

import pytest

from summit_testkit.house.names import BANNED, empty_names
from summit_testkit.house.sources import Module


def test_nothing_bears_a_name_that_says_nothing(house: list[Module]) -> None:
    faults = [str(fault) for module in house for fault in empty_names(module)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("word", sorted(BANNED))
def test_a_file_a_folder_a_class_or_a_function_of_such_a_name_is_found(word: str) -> None:
    planted = [
        Module(Path(f"services/x/{word}.py"), ""),
        Module(Path(f"services/x/{word}/letters.py"), ""),
        Module(Path(f"services/x/letter_{word}.py"), ""),
        Module(Path("services/x/letters.py"), f"class Letter{word.title()}: ..."),
        Module(Path("services/x/letters.py"), f"def _{word}(): ..."),
    ]
    assert all(len(list(empty_names(module))) == 1 for module in planted)


def test_a_longer_word_that_only_begins_so_is_no_such_name() -> None:
    text = "class Database: ...\nclass Information: ...\ndef load_data(): ...\ndef dataschema(): ..."
    assert not list(empty_names(Module(Path("chassis/database.py"), text)))

"""The generated documents are what the code says, and one that is not would be named."""

from pathlib import Path

from summit_cli.documents import write_all


def test_what_is_committed_is_what_the_code_says(root: Path) -> None:
    differing = write_all(root, check=True)
    assert not differing, "run `make docs`: " + ", ".join(differing)


DOCUMENTS = [
    "contracts/schemas/registration.delegation_registered.v1.json",
    "docs/generated/asyncapi.json",
    "docs/generated/events.md",
]


def test_planted_differences_are_named(tmp_path: Path) -> None:
    write_all(tmp_path, check=False)
    for document in DOCUMENTS:
        planted = tmp_path / document
        text = planted.read_text(encoding="utf-8")
        planted.write_text(text.replace("egation", "egations", 1), encoding="utf-8")
    assert write_all(tmp_path, check=True) == DOCUMENTS


def test_a_document_that_is_missing_is_named_and_checking_writes_nothing(tmp_path: Path) -> None:
    assert "docs/generated/events.md" in write_all(tmp_path, check=True)
    assert list(tmp_path.iterdir()) == []

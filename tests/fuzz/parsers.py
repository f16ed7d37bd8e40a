"""Atheris at the parsers: `python -m tests.fuzz.parsers envelope|edition [options of libFuzzer]`."""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["summit_contracts", "summit_registration"]):
    from summit_contracts.catalogue import FACTS, Unheard, parse
    from summit_contracts.envelope import NotAnEvent
    from summit_contracts.testing import golden_messages_of
    from summit_registration.domain.edition_file import read
    from summit_registration.domain.errors.editions import EditionFileInvalid

_EDITION = Path(__file__).parents[2] / "deploy/editions/uncops-2022.toml"


def envelope(message: bytes) -> None:
    """The subject, up to the first line end, and the payload behind it are understood or refused."""
    subject, _, payload = message.partition(b"\n")
    try:
        parse(subject.decode("utf-8", "replace"), payload, {})
    except (NotAnEvent, Unheard):
        return


def edition(message: bytes) -> None:
    """The file is understood, or refused."""
    try:
        read(message.decode("utf-8", "replace"))
    except EditionFileInvalid:
        return


def _examples(name: str) -> list[bytes]:
    if name == "edition":
        return [_EDITION.read_bytes()[:4000]]
    return [
        f"{message.data.subject}\n".encode() + message.to_json()
        for fact in FACTS
        for message in golden_messages_of(fact)
    ]


PARSERS: dict[str, Callable[[bytes], None]] = {"envelope": envelope, "edition": edition}


def main(name: str, options: list[str]) -> None:
    """Fuzzes the parser until the options say that it is enough, or something is found."""
    with TemporaryDirectory() as corpus:
        for number, example in enumerate(_examples(name)):
            Path(corpus, str(number)).write_bytes(example)
        replayed = [one for one in options if not one.startswith("-")]
        atheris.Setup([sys.argv[0], *options, *([] if replayed else [corpus])], PARSERS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

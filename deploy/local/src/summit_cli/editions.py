"""Edition files, read here and applied where Summit runs."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from summit_cli.deployment import Deployment
from summit_cli.play.doors import DoorRefused, Doors
from summit_cli.refusals import CannotDo
from summit_contracts.editions import Edition

_REMEDY = "Mend these lines; nothing was published."


def read(file: Path) -> Edition:
    """The edition that the file describes.

    Raises:
        CannotDo: it has faults; all are listed, each with its line.
    """
    from summit_registration.domain import edition_file  # only who reads one here needs its rules
    from summit_registration.domain.errors.editions import EditionFileInvalid

    try:
        return edition_file.read(_text_of(file))
    except EditionFileInvalid as invalid:
        raise CannotDo(_listed(file, invalid.details["faults"]), remedy=_REMEDY) from invalid  # type: ignore[arg-type]  # the list of faults it was made with


async def applied(deployment: Deployment, file: Path) -> Any:
    """What registration answered: the edition holds there from now on.

    Raises:
        CannotDo: the file has faults; all are listed, each with its line.
    """
    from summit_chassis.identity import Role

    async with Doors(deployment.addresses, lambda _: deployment.token(Role.REGISTRATION)) as doors:
        try:
            answer = await doors.call(
                "registration",
                "POST",
                "/editions",
                content=_text_of(file),
                headers={"content-type": "application/toml"},
            )
        except DoorRefused as refused:
            if "faults" not in refused.problem:
                raise
            raise CannotDo(_listed(file, refused.problem["faults"]), remedy=_REMEDY) from refused
    return answer.json()


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise CannotDo(f"{file}:1: the text is not UTF-8", remedy="Save the file in UTF-8.") from problem
    except OSError as problem:
        raise CannotDo(f"{file} cannot be read: {problem}") from problem


def _listed(file: Path, faults: Iterable[Mapping[str, Any]]) -> str:
    """One fault a line, as compilers write them: editors jump there."""
    return "\n".join(
        f"{file}:{fault['line']}: {fault['field'] + ': ' if fault['field'] else ''}{fault['detail']} {fault['remedy']}"
        for fault in faults
    )

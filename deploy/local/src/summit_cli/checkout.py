"""Where the sources lie that some commands read: editions, committed documents."""

from dataclasses import dataclass
from pathlib import Path

from summit_cli.refusals import CannotDo

_EDITIONS = Path("deploy") / "editions"


def checkout() -> Path:
    """The root of the checkout we stand in, or else of the one this command was installed from.

    Raises:
        CannotDo: there is none.
    """
    here = Path.cwd()
    for directory in (here, *here.parents, *Path(__file__).resolve().parents):
        if (directory / _EDITIONS).is_dir() and (directory / "contracts").is_dir():
            return directory
    raise CannotDo("This is no checkout of Summit.", remedy="Change into one, and try again.")


def _editions() -> Path:
    """Where editions lie: in a checkout, or in an image beside the packages."""
    beside = Path(__file__).resolve().parents[1] / "editions"
    return beside if beside.is_dir() else checkout() / _EDITIONS


@dataclass(frozen=True)
class EditionFiles:
    """What an edition is played from."""

    edition: Path
    pledges: Path | None
    """The pledges that are known of it, as a table; none where there is no such file."""


def edition_files(name: str) -> EditionFiles:
    """The files of an edition that is named, or whose file is named by its path.

    Raises:
        CannotDo: there is no such edition.
    """
    path = Path(name)
    if path.suffix != ".toml":
        path = _editions() / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in path.parent.glob("*.toml"))) or "none"
        raise CannotDo(f"There is no edition {name!r}; known here: {known}.", remedy="Name one, or a file.")
    pledges = path.with_suffix("") / "pledges.csv"
    return EditionFiles(path, pledges if pledges.is_file() else None)

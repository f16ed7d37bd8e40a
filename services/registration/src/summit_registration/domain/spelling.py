"""What somebody probably meant who wrote a word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names what was probably meant, or nothing where nothing is near."""
    spelled = {one.casefold(): one for one in known}
    near = get_close_matches(word.casefold(), spelled, n=1, cutoff=0.6)
    return f"Did you mean {spelled[near[0]]!r}?" if near else ""

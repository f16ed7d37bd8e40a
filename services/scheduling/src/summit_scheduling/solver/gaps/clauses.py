"""Clauses, and the few ways of counting in them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

_PAIRS = 24
"""Up to so many literals exclude each other pair by pair; more are split in two first."""


class Clauses:
    """Clauses under construction. Literals are whole numbers as in DIMACS: minus is not."""

    def __init__(self) -> None:
        self.top = 0
        self.fresh: list[list[int]] = []

    def new(self) -> int:
        """A variable that nothing speaks of yet."""
        self.top += 1
        return self.top

    def add(self, *literals: int) -> None:
        """At least one of them holds."""
        self.fresh.append(list(literals))

    def take(self) -> list[list[int]]:
        """The clauses added since the last time."""
        taken, self.fresh = self.fresh, []
        return taken

    def any_of(self, literals: Sequence[int]) -> int:
        """A literal that holds exactly when one of these does."""
        if len(literals) == 1:
            return literals[0]
        one = self.new()
        for literal in literals:
            self.add(-literal, one)
        self.add(*literals, -one)
        return one

    def at_most_one(self, literals: Sequence[int]) -> None:
        """No two of them hold."""
        if len(literals) > _PAIRS:
            middle = len(literals) // 2
            side = self.new()
            for literal in literals[:middle]:
                self.add(-literal, side)
            for literal in literals[middle:]:
                self.add(-literal, -side)
            self.at_most_one(literals[:middle])
            self.at_most_one(literals[middle:])
            return
        for place, one in enumerate(literals):
            for other in literals[:place]:
                self.add(-one, -other)

    def between(self, literals: Sequence[int], fewest: int, most: int) -> None:
        """At least so many of them hold, and at most so many."""
        if most == 1 and not fewest:
            self.at_most_one(literals)
        elif fewest > 0 or len(literals) > most:
            counted = self.count(literals, most + 1)
            self.add(*counted[fewest - 1 : fewest]) if fewest > 0 else None
            for over in counted[most:]:
                self.forbid(over)

    def forbid(self, literal: int) -> None:
        """It does not hold."""
        self.add(-literal)

    def count(self, literals: Sequence[int], most: int) -> list[int]:
        """Literals saying that at least 1, 2, ... of these hold, up to `most`: a totalizer, in both directions."""
        if len(literals) <= 1:
            return list(literals)
        middle = len(literals) // 2
        left, right = self.count(literals[:middle], most), self.count(literals[middle:], most)
        both = [self.new() for _ in range(min(len(literals), most))]
        self._merge(left, right, both)
        for fewer, more in pairwise(both):
            self.add(-more, fewer)
        return both

    def _merge(self, left: Sequence[int], right: Sequence[int], both: Sequence[int]) -> None:
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                low = [-left[i - 1]] if i else []
                low += [-right[j - 1]] if j else []
                if low:
                    self.add(*low, both[min(i + j, len(both)) - 1])
                if i + j < len(both):
                    self.add(-both[i + j], *left[i : i + 1], *right[j : j + 1])

    def follows(self, body: Iterable[int | bool], heads: Iterable[int | bool]) -> None:
        """Where all of `body` holds, one of `heads` does; each is a literal or already known."""
        clause: list[int] = []
        for one in body:
            if one is False:
                return
            if one is not True:
                clause.append(-one)
        for one in heads:
            if one is True:
                return
            if one is not False:
                clause.append(one)
        self.add(*clause)

"""Better slots for meetings that are placed: chains of swaps between two slots, at first also some that make it worse.

A chain takes one meeting to another slot, those of its parties that are in the way back to its own, those in their way there,
and so on, so that nobody is in two meetings at a time. Whether rooms and all other rules allow it, `Occupied` says.

Source: Kempe chains as in Thompson and Dowsland (1996), Variants of simulated annealing for the examination timetabling problem.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from random import Random

from summit_scheduling.domain.problem import Assignment, Meeting, Problem
from summit_scheduling.solver.board import Board

_TRIES_PER_MEETING = 400
_TRIES_PER_PAIR = 20
"""Where the meetings are few, so are the ways to swap them."""
_PATIENCE = 4
"""Rounds without a better plan, and it ends."""
_ROUNDS = 12
_HOT, _COLD = 0.7, 0.08
"""The gaps that a chain may add with a probability of 1 in e, in the first and in the last round."""
_START = 1e-4
"""What beginning a slot later weighs against a gap."""
_TRIES_PER_LOOK = 200


def swapped(
    problem: Problem,
    plan: Collection[Assignment],
    movable: Collection[str],
    *,
    seed: int,
    left: Callable[[], float],
) -> Iterator[tuple[Assignment, ...]]:
    """The best plan so far after each round that found a better one. The last round takes only what makes it better."""
    board = _Waiting(problem, plan, frozenset(movable), Random(seed))  # noqa: S311  # variety, no secret
    tries = min(_TRIES_PER_MEETING, _TRIES_PER_PAIR * len(movable)) * len(movable) // _ROUNDS
    best, idle = board.energy(), 0
    kept = board.plan()
    for number in range(_ROUNDS + 1):
        heat = _HOT * (_COLD / _HOT) ** (number / _ROUNDS) if number < _ROUNDS else 0.0
        found, idle = False, idle + 1
        for one in range(tries):
            if one % _TRIES_PER_LOOK == 0 and left() <= 0:
                break
            if board.step(heat) and board.energy() < best - _START / 2:
                best, kept, found, idle = board.energy(), board.plan(), True, 0
        if found:
            yield kept
        if left() <= 0 or (idle > _PATIENCE and number < _ROUNDS):
            return


class _Waiting:
    """How long parties wait, as meetings change places."""

    def __init__(
        self, problem: Problem, plan: Collection[Assignment], movable: Collection[str], chance: Random
    ) -> None:
        self._problem = problem
        self._chance = chance
        self._board = board = Board(problem, plan, movable)
        self._bit = [1 << (slot + day) for slot, day in enumerate(board.day_of)]
        """A day's slots are neighbours, and between days there is a gap of one."""
        self._days = [
            sum(bit for bit, on in zip(self._bit, problem.days, strict=True) if on == day)
            for day in board.days
        ]
        self._mask: dict[str, int] = {}
        for key, place in board.at.items():
            for party in problem.by_key[key].parties:
                self._mask[party] = self._mask.get(party, 0) | self._bits(problem.by_key[key], place.slot)
        self._starts = sum(place.slot for place in board.at.values())
        self._gaps = sum(self._gaps_in(mask) for mask in self._mask.values())

    def energy(self) -> float:
        """What is to be little: idle periods, and beside them late starts."""
        return self._gaps + _START * self._starts

    def plan(self) -> tuple[Assignment, ...]:
        """As it stands."""
        return self._board.plan()

    def step(self, heat: float) -> bool:
        """Whether a chain was found and taken."""
        at = self._board.at
        key = self._chance.choice(self._board.movable)
        meeting, was = self._problem.by_key[key], at[key].slot
        slot = self._target(meeting)
        if slot == was or slot not in meeting.starts:
            return False
        chain = self._balanced(self._board.chain(key, slot), was, slot)
        if not chain:
            return False
        masks = self._masks_after(chain)
        gaps = sum(self._gaps_in(mask) - self._gaps_in(self._mask[party]) for party, mask in masks.items())
        starts = sum(to - at[one].slot for one, to in chain.items())
        worse = gaps + _START * starts
        if worse > 0 and (heat <= 0 or self._chance.random() >= math.exp(-worse / heat)):
            return False
        if (worse == 0 and heat <= 0) or not self._board.carry_out(chain, {}):
            return False
        self._mask.update(masks)
        self._gaps += gaps
        self._starts += starts
        return True

    def _target(self, meeting: Meeting) -> int:
        """Mostly a slot beside another meeting of one of its parties."""
        if self._chance.random() < 0.3:  # else nothing far away is ever tried
            return self._chance.choice(meeting.starts)
        party = self._chance.choice(meeting.parties)
        mask = self._mask[party]
        beside = [
            slot
            for slot in meeting.starts
            if not mask & self._bit[slot] and mask & (self._bit[slot] << 1 | self._bit[slot] >> 1)
        ]
        return self._chance.choice(beside or meeting.starts)

    def _balanced(self, chain: dict[str, int], home: int, slot: int) -> dict[str, int]:
        """The chain, with another one the other way where the slot would have more meetings than rooms."""
        more = sum(1 if to == slot else -1 for to in chain.values())
        rooms = sum(slot in room.slots for room in self._problem.rooms)
        inside = self._board.inside[slot]
        if not chain or len(inside) + more <= rooms or more != 1:
            return chain
        if not inside:
            return {}
        other = self._chance.choice(inside)
        if other in chain or not self._board.may_go(other, home):
            return {}
        back = self._board.chain(other, home)
        if not back or not chain.keys().isdisjoint(back):
            return {}
        return {**chain, **back}

    def _masks_after(self, chain: Mapping[str, int]) -> dict[str, int]:
        masks: dict[str, int] = {}
        for key, to in chain.items():
            meeting = self._problem.by_key[key]
            flipped = self._bits(meeting, self._board.at[key].slot) ^ self._bits(meeting, to)
            for party in meeting.parties:
                masks[party] = masks.get(party, self._mask[party]) ^ flipped
        return masks

    def _bits(self, meeting: Meeting, slot: int) -> int:
        return sum(self._bit[one] for one in meeting.run(slot))

    def _gaps_in(self, mask: int) -> int:
        runs = (mask & ~(mask << 1)).bit_count()
        return runs - sum(1 for day in self._days if mask & day)

"""Better slots for meetings that are placed: chains of swaps between two slots, at first also some that make it worse.

A chain takes one meeting to another slot, those of its parties that are in the way back to its own, those in their way there,
and so on, so that nobody is in two meetings at a time. Whether rooms and all other rules allow it, `Occupied` says.

Source: Kempe chains as in Thompson and Dowsland (1996), Variants of simulated annealing for the examination timetabling problem.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from random import Random

from summit_scheduling.domain.occupied import Occupied, Place
from summit_scheduling.domain.problem import Assignment, Meeting, Problem

_TRIES_PER_MEETING = 400
_TRIES_PER_PAIR = 20
"""Where the meetings are few, so are the ways to swap them."""
_PATIENCE = 4
"""Rounds without a better plan, and it ends."""
_ROUNDS = 12
_HOT, _COLD = 0.7, 0.08
"""The gaps that a chain may add with a probability of 1 in e, in the first and in the last round."""
_LONGEST_CHAIN = 12
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
    is_cold: bool = False,
) -> Iterator[tuple[Assignment, ...]]:
    """The best plan so far after each round that found a better one. The last round takes only what makes it better.

    Cold, there is no round but the last.
    """
    board = _Board(problem, plan, frozenset(movable), Random(seed))  # noqa: S311  # variety, no secret
    tries = min(_TRIES_PER_MEETING, _TRIES_PER_PAIR * len(movable)) * len(movable) // _ROUNDS
    best, idle = board.energy(), 0
    kept = board.plan()
    for number in range(_ROUNDS if is_cold else 0, _ROUNDS + 1):
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


class _Board:
    """Who is where, and what it is like for each party."""

    def __init__(
        self, problem: Problem, plan: Collection[Assignment], movable: Collection[str], chance: Random
    ) -> None:
        self._problem = problem
        self._chance = chance
        self._at = {one.meeting: Place(one.slot, one.room) for one in plan}
        self._movable = sorted(movable)
        self._may_move = frozenset(movable)
        self._occupied = Occupied(problem, plan)
        self._busy: dict[tuple[str, int], str] = {}
        self._in: list[list[str]] = [[] for _ in problem.slots]
        self._mask: dict[str, int] = {}
        day_of = {day: number for number, day in enumerate(sorted(set(problem.days)))}
        self._bit = [1 << (slot + day_of[day]) for slot, day in enumerate(problem.days)]
        """A day's slots are neighbours, and between days there is a gap of one."""
        self._days = [
            sum(bit for bit, on in zip(self._bit, problem.days, strict=True) if on == day) for day in day_of
        ]
        self._gaps = 0
        self._starts = 0
        for key, place in self._at.items():
            self._enter(problem.by_key[key], place.slot)
        self._gaps = sum(self._gaps_in(mask) for mask in self._mask.values())

    def energy(self) -> float:
        """What is to be little: idle periods, and beside them late starts."""
        return self._gaps + _START * self._starts

    def plan(self) -> tuple[Assignment, ...]:
        """As it stands."""
        return tuple(Assignment(key, *place) for key, place in self._at.items())

    def step(self, heat: float) -> bool:
        """Whether a chain was found and taken."""
        key = self._chance.choice(self._movable)
        meeting, was = self._problem.by_key[key], self._at[key].slot
        slot = self._target(meeting)
        if slot == was or slot not in meeting.starts:
            return False
        chain = self._balanced(self._chain(key, slot), was, slot)
        if not chain:
            return False
        masks = self._masks_after(chain)
        gaps = sum(self._gaps_in(mask) - self._gaps_in(self._mask[party]) for party, mask in masks.items())
        starts = sum(to - self._at[one].slot for one, to in chain.items())
        worse = gaps + _START * starts
        if worse > 0 and (heat <= 0 or self._chance.random() >= math.exp(-worse / heat)):
            return False
        if (worse == 0 and heat <= 0) or not self._carry_out(chain):
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

    def _chain(self, key: str, slot: int) -> dict[str, int]:
        """Where each meeting of the chain goes; empty where one of them cannot."""
        home = self._at[key].slot
        to, open_ends = {key: slot}, [key]
        while open_ends:
            one = self._problem.by_key[open_ends.pop()]
            for taken in one.run(to[one.key]):
                for party in one.parties:
                    other = self._busy.get((party, taken))
                    if other is None or other in to:
                        continue
                    back = home if to[one.key] == slot else slot
                    if not self._may_go(other, back) or self._at[other].slot != to[one.key]:
                        return {}
                    to[other] = back
                    open_ends.append(other)
            if len(to) > _LONGEST_CHAIN:
                return {}
        return to

    def _may_go(self, key: str, slot: int) -> bool:
        return key in self._may_move and slot in self._problem.by_key[key].starts

    def _balanced(self, chain: dict[str, int], home: int, slot: int) -> dict[str, int]:
        """The chain, with another one the other way where the slot would have more meetings than rooms."""
        more = sum(1 if to == slot else -1 for to in chain.values())
        rooms = sum(slot in room.slots for room in self._problem.rooms)
        if not chain or len(self._in[slot]) + more <= rooms or more != 1:
            return chain
        if not self._in[slot]:
            return {}
        other = self._chance.choice(self._in[slot])
        if other in chain or not self._may_go(other, home):
            return {}
        back = self._chain(other, home)
        if not back or not chain.keys().isdisjoint(back):
            return {}
        return {**chain, **back}

    def _masks_after(self, chain: Mapping[str, int]) -> dict[str, int]:
        masks: dict[str, int] = {}
        for key, to in chain.items():
            meeting = self._problem.by_key[key]
            flipped = self._bits(meeting, self._at[key].slot) ^ self._bits(meeting, to)
            for party in meeting.parties:
                masks[party] = masks.get(party, self._mask[party]) ^ flipped
        return masks

    def _bits(self, meeting: Meeting, slot: int) -> int:
        return sum(self._bit[one] for one in meeting.run(slot))

    def _gaps_in(self, mask: int) -> int:
        runs = (mask & ~(mask << 1)).bit_count()
        return runs - sum(1 for day in self._days if mask & day)

    def _carry_out(self, chain: Mapping[str, int]) -> bool:
        """All of it, or nothing where a rule or the rooms stand against it."""
        by_key, before = self._problem.by_key, {key: self._at[key] for key in chain}
        for key, place in before.items():
            self._occupied.release(by_key[key], place)
        after: dict[str, Place] = {}
        for key in sorted(chain, key=lambda one: -by_key[one].seats):
            room = self._occupied.room_in(by_key[key], chain[key])
            if room is None:
                break
            after[key] = Place(chain[key], room)
            self._occupied.take(by_key[key], after[key])
        if len(after) < len(chain):
            for key, place in after.items():
                self._occupied.release(by_key[key], place)
            for key, place in before.items():
                self._occupied.take(by_key[key], place)
            return False
        for key, place in before.items():
            self._leave(by_key[key], place.slot)
        for key, place in after.items():
            self._at[key] = place
            self._enter_slots(by_key[key], place.slot)
        return True

    def _enter(self, meeting: Meeting, slot: int) -> None:
        self._enter_slots(meeting, slot)
        self._starts += slot
        for party in meeting.parties:
            self._mask[party] = self._mask.get(party, 0) | self._bits(meeting, slot)

    def _enter_slots(self, meeting: Meeting, slot: int) -> None:
        for taken in meeting.run(slot):
            self._in[taken].append(meeting.key)
            for party in meeting.parties:
                self._busy[party, taken] = meeting.key

    def _leave(self, meeting: Meeting, slot: int) -> None:
        for taken in meeting.run(slot):
            self._in[taken].remove(meeting.key)
            for party in meeting.parties:
                del self._busy[party, taken]

"""Fewer changes of room and earlier meetings, with no more idle periods: meetings change rooms, or the tails of two rooms' days, or
slots, at first also where parties walk more or begin later.

What has been best at all three, in their order, is what counts; the walk itself weighs a change of room against beginning later.

Source: simulated annealing as in Thompson and Dowsland (1996), Variants of simulated annealing for the examination timetabling
problem.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.solver.board import Board

_TRIES_PER_MEETING = 60
_TRIES_PER_PAIR = 10
_MOST_TRIES_OF_FEW = 8_000
"""Where the meetings are few, more of them are tried, as far as there are ways to move them."""
_ROUNDS = 6
_SWAPS, _TAILS = 0.35, 0.5
"""Of all moves, how many change rooms within a slot; with those that exchange tails of days."""
_TRIES_PER_LOOK = 200

Burden = tuple[int, int, int]
"""Idle periods, changes of room, summed starts."""
Move = Mapping[str, tuple[int, str]]
"""The slot and the room that each meeting gets."""


def walked(
    problem: Problem,
    plan: Collection[Assignment],
    movable: Collection[str],
    *,
    seed: int,
    left: Callable[[], float],
    is_early: bool,
) -> Iterator[tuple[Assignment, ...]]:
    """The best plan so far after each round that found a better one; the last round takes nothing that makes it worse.

    Where it cannot be earlier, that is not tried.
    """
    few = min(_MOST_TRIES_OF_FEW, _TRIES_PER_PAIR * len(movable) ** 2)
    tries = max(_TRIES_PER_MEETING * len(movable), few) // _ROUNDS
    chance, kept = Random(seed), tuple(plan)  # noqa: S311  # variety, no secret
    for temper in _TEMPERS[: 1 if is_early else None]:
        walk = _Walk(problem, kept, movable, chance)
        best = walk.burden
        for number in range(_ROUNDS):
            heat = temper.hot * (temper.cold / temper.hot) ** (number / (_ROUNDS - 2))
            found = False
            for one in range(tries):
                if one % _TRIES_PER_LOOK == 0 and left() <= 0:
                    break
                if walk.step(temper, heat if number < _ROUNDS - 1 else 0.0) and walk.burden < best:
                    best, kept, found = walk.burden, walk.board.plan(), True
            if found:
                yield kept
            if left() <= 0:
                return


@dataclass(frozen=True, slots=True)
class _Temper:
    """What a walk strives for, and how much worse it may get on its way, in steps of what it strives for."""

    change: float
    """What a change of room weighs; with no limit, none is ever added."""
    start: float
    """What beginning a slot later weighs."""
    hot: float
    cold: float
    """What a move may add with a probability of 1 in e, in the first round, and in the last but one."""


_TEMPERS = (_Temper(1.0, 0.01, hot=0.6, cold=0.02), _Temper(math.inf, 1.0, hot=2.0, cold=0.3))
"""First for few changes of room, then for early meetings without more of them. Measured."""


class _Walk:
    """What each party waits and walks, as meetings change places."""

    def __init__(
        self, problem: Problem, plan: Collection[Assignment], movable: Collection[str], chance: Random
    ) -> None:
        self._problem = problem
        self._chance = chance
        self.board = Board(problem, plan, movable)
        self._of_party: dict[str, list[str]] = {}
        for one in plan:
            for party in problem.by_key[one.meeting].parties:
                self._of_party.setdefault(party, []).append(one.meeting)
        self._each = {party: self._borne_by(party, {}) for party in self._of_party}
        waits, changes = (sum(each[place] for each in self._each.values()) for place in (0, 1))
        self.burden: Burden = waits, changes, sum(one.slot for one in plan)

    def step(self, temper: _Temper, heat: float) -> bool:
        """Whether a move was found and taken."""
        key, kind = self._chance.choice(self.board.movable), self._chance.random()
        if kind < _SWAPS:
            move = self._into_a_room_of_its_parties(key)
        elif kind < _TAILS:
            move = self._tails_exchanged(key)
        else:
            move = self._to_another_slot(key)
        return bool(move) and self._take(move, temper, heat)

    def _take(self, move: Move, temper: _Temper, heat: float) -> bool:
        parties = {party for key in move for party in self._problem.by_key[key].parties}
        each = {party: self._borne_by(party, move) for party in sorted(parties)}
        waits = sum(new[0] - self._each[party][0] for party, new in each.items())
        changes = sum(new[1] - self._each[party][1] for party, new in each.items())
        starts = sum(slot - self.board.at[key].slot for key, (slot, _) in move.items())
        worse = (temper.change * changes if changes else 0.0) + temper.start * starts
        if waits > 0 or (worse > 0 and (heat <= 0 or self._chance.random() >= math.exp(-worse / heat))):
            return False
        to, rooms = (
            {key: slot for key, (slot, _) in move.items()},
            {key: room for key, (_, room) in move.items()},
        )
        if not self.board.carry_out(to, rooms):
            return False
        self._each.update(each)
        self.burden = self.burden[0] + waits, self.burden[1] + changes, self.burden[2] + starts
        return True

    def _borne_by(self, party: str, move: Move) -> tuple[int, int]:
        """The idle periods of the party and its changes of room, after the move."""
        at, meetings, day_of = self.board.at, self._problem.by_key, self.board.day_of
        places = sorted((*(move.get(key) or at[key]), meetings[key].length) for key in self._of_party[party])
        waits = changes = 0
        for (slot, room, length), (then, other, _) in pairwise(places):
            if day_of[slot] == day_of[then]:
                waits += slot + length < then
                changes += room != other
        return waits, changes

    def _into_a_room_of_its_parties(self, key: str) -> Move:
        """Into a room in which one of its parties is on that day; who is in there then comes here."""
        slot, room = self.board.at[key]
        rooms = [
            there
            for party in self._problem.by_key[key].parties
            for when, there in (self.board.at[other] for other in self._of_party[party])
            if there != room and self.board.day_of[when] == self.board.day_of[slot]
        ]
        if not rooms:
            return {}
        wanted = self._chance.choice(rooms)
        other = self.board.held.get((wanted, slot))
        if other is None:
            return {key: (slot, wanted)}
        return (
            {key: (slot, wanted), other: (self.board.at[other].slot, room)} if self._may_move(other) else {}
        )

    def _tails_exchanged(self, key: str) -> Move:
        """What is in its room, from its slot on, and what is in the room of a party's meeting just before or after, change rooms."""
        slot, room = self.board.at[key]
        meeting, day = self._problem.by_key[key], self.board.day_of[slot]
        beside = (slot - 1, slot + meeting.length)
        rooms = [
            self.board.at[other].room
            for party in meeting.parties
            for other in (self.board.busy.get((party, one)) for one in beside)
            if other is not None
            and self.board.at[other].room != room
            and self.board.day_of[self.board.at[other].slot] == day
        ]
        if not rooms:
            return {}
        wanted = self._chance.choice(rooms)
        tail = [one for one in range(slot, len(self.board.day_of)) if self.board.day_of[one] == day]
        tail = tail[: self._chance.randrange(1, 2 * len(tail))]  # every second time all of it
        exchanged = {room: wanted, wanted: room}
        move = {
            held: (self.board.at[held].slot, exchanged[one])
            for slot in tail
            for one in (room, wanted)
            if (held := self.board.held.get((one, slot))) is not None
        }
        return move if all(map(self._may_move, move)) else {}

    def _to_another_slot(self, key: str) -> Move:
        """To a slot beside another meeting of one of its parties, or any; who is in the way comes here."""
        meeting, home = self._problem.by_key[key], self.board.at[key].slot
        slot = self._chance.choice(meeting.starts)
        if self._chance.random() < 0.7:
            other = self._chance.choice(self._of_party[self._chance.choice(meeting.parties)])
            begin = self.board.at[other].slot
            slot = self._chance.choice((begin - meeting.length, begin + self._problem.by_key[other].length))
        if slot == home or not self.board.may_go(key, slot):
            return {}
        move: dict[str, tuple[int, str]] = {}
        chain = self.board.chain(key, slot)
        for one, to in chain.items():
            room = self._room_for(
                one, to, chain.keys(), {room for where, room in move.values() if where == to}
            )
            if room is None:
                return {}
            move[one] = (to, room)
        return move

    def _room_for(self, key: str, slot: int, leaving: Collection[str], taken: Collection[str]) -> str | None:
        """One in which a party of the meeting is just before or after, else one that is left, or any that is free."""
        board, meeting = self.board, self._problem.by_key[key]
        beside = [
            board.at[other].room
            for party in meeting.parties
            for one in (slot - 1, slot + meeting.length)
            if (other := board.busy.get((party, one))) is not None and other != key
        ]
        self._chance.shuffle(beside)
        left = [board.at[one].room for one in leaving if board.at[one].slot == slot]
        others = [room.code for room in self._problem.rooms]
        for code in (*beside, *left, *others):
            held = board.held.get((code, slot))
            is_free = held is None or held in leaving
            if code not in taken and is_free and self._problem.room_by_code[code].takes(meeting, slot):
                return code
        return None

    def _may_move(self, key: str) -> bool:
        return self.board.may_go(key, self.board.at[key].slot)

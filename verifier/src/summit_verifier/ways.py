"""What the ways to hold a meeting cost at given prices, and how much there is of what is priced."""

from collections.abc import Iterator, Mapping
from itertools import chain

from summit_verifier.kinds import MOST_DIGITS
from summit_verifier.parts import Meeting, PlanFile, Room
from summit_verifier.rules import could_stay, kept, takes

Use = tuple[str, str, str]
"""What kind of thing, whose, and in which slot or on which day."""


def there_is(plan: PlanFile, kind: str, subject: str, at: str) -> int | None:
    """How often it can be used by any plan; none where it is nothing that a plan could run out of."""
    is_slot = (
        at.isascii()
        and at.isdigit()
        and len(at) <= MOST_DIGITS
        and at == str(int(at))
        and int(at) < len(plan.slots)
    )
    limit = plan.limits.get(subject)
    match kind:
        case "party":
            is_party = any(subject in meeting.parties for meeting in plan.meetings.values())
            return 1 if is_slot and is_party else None
        case "room":
            return 1 if is_slot and subject in plan.rooms else None
        case "resource":
            return plan.resources.get(subject) if is_slot else None
        case "meetings":
            return limit.meetings if limit and not at else None
        case "per_day":
            return limit.per_day if limit and any(slot.day == at for slot in plan.slots) else None
        case "moves":
            return limit.moves if limit and not at else None
    return None


class Ways:
    """Every way to hold a meeting, at these prices; remembers what rooms cost, for many meetings ask for the same."""

    def __init__(self, plan: PlanFile, prices: Mapping[Use, int]) -> None:
        self._plan = plan
        self._prices = prices
        self._rooms: dict[tuple[object, ...], int | None] = {}

    def left_over(self, meeting: Meeting, worth: int, worth_of_staying: int) -> int:
        """What its best way is worth beyond its cost, if anything; staying where it was published adds to its worth."""
        staying = (worth + worth_of_staying - cost for cost in self._staying(meeting))
        anywhere = (worth - cost for cost in self._anywhere(meeting))
        return max(chain(staying, anywhere, (0,)))

    def _staying(self, meeting: Meeting) -> Iterator[int]:
        """Where it was published, if it can be there: no move is charged."""
        if could_stay(self._plan, meeting.key):
            before = self._plan.published[meeting.key]
            yield self._people(meeting, before.slot) + self._room(
                self._plan.rooms[before.room], meeting, before.slot
            )

    def _anywhere(self, meeting: Meeting) -> Iterator[int]:
        moving = 0
        if could_stay(self._plan, meeting.key):
            moving = sum(self._prices.get(("moves", party, ""), 0) for party in meeting.parties)
        for start in meeting.starts:
            room = self._cheapest_room(meeting, start)
            if room is not None:
                yield self._people(meeting, start) + room + moving

    def _people(self, meeting: Meeting, start: int) -> int:
        """What its parties, and what it needs that is counted, cost."""
        plan, price = self._plan, self._prices.get
        cost = sum(price(("meetings", party, ""), 0) for party in meeting.parties)
        cost += sum(price(("per_day", party, plan.slots[start].day), 0) for party in meeting.parties)
        for slot in kept(plan, meeting, start, meeting.rest_minutes):
            cost += sum(price(("party", party, str(slot)), 0) for party in meeting.parties)
        for slot in range(start, start + meeting.length):
            cost += sum(price(("resource", code, str(slot)), 0) for code in set(meeting.needs))
        return cost

    def _cheapest_room(self, meeting: Meeting, start: int) -> int | None:
        alike = (meeting.seats, meeting.needs, meeting.room, meeting.length, start)
        if alike not in self._rooms:
            fitting = (room for room in self._plan.rooms.values() if takes(self._plan, meeting, start, room))
            self._rooms[alike] = min((self._room(room, meeting, start) for room in fitting), default=None)
        return self._rooms[alike]

    def _room(self, room: Room, meeting: Meeting, start: int) -> int:
        slots = kept(self._plan, meeting, start, room.turn_round_minutes)
        return sum(self._prices.get(("room", room.code, str(slot)), 0) for slot in slots)

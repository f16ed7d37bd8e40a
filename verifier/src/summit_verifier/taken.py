"""What a plan leaves free: where one more meeting could be held without breaking a rule, all others staying where they are."""

from collections import Counter
from collections.abc import Iterator

from summit_verifier.parts import Meeting, Place, PlanFile
from summit_verifier.rules import is_moved, kept, takes


class Taken:
    """What the placements of a plan that breaks no rule have taken.

    Two meetings that share a party or a room break a rule if, and only if, the slots they keep (their own, and those that
    begin before they have rested or been turned round) overlap: the later one's first slot is then within the earlier's.
    """

    def __init__(self, plan: PlanFile) -> None:
        self._plan = plan
        self._kept: set[tuple[str, str, int]] = set()
        self._used = Counter[tuple[str, str, object]]()
        for one in plan.places:
            meeting = plan.meetings[one.meeting]
            self._kept.update(self._of_people(meeting, one.slot))
            self._kept.update(self._of_room(meeting, one))
            self._used.update(use for use, _ in self._uses(meeting, one))

    def free_place(self, meeting: Meeting) -> Place | None:
        """The first place in which it could be held as well; none where there is none."""
        for start in sorted(meeting.starts):
            for code, room in self._plan.rooms.items():
                place = Place(meeting.key, start, code)
                if (
                    takes(self._plan, meeting, start, room)
                    and self._kept.isdisjoint(self._of_people(meeting, start))
                    and self._kept.isdisjoint(self._of_room(meeting, place))
                    and all(self._used[use] < most for use, most in self._uses(meeting, place))
                ):
                    return place
        return None

    def _of_people(self, meeting: Meeting, start: int) -> Iterator[tuple[str, str, int]]:
        for slot in kept(self._plan, meeting, start, meeting.rest_minutes):
            yield from (("party", party, slot) for party in meeting.parties)

    def _of_room(self, meeting: Meeting, place: Place) -> Iterator[tuple[str, str, int]]:
        minutes = self._plan.rooms[place.room].turn_round_minutes
        yield from (("room", place.room, slot) for slot in kept(self._plan, meeting, place.slot, minutes))

    def _uses(self, meeting: Meeting, place: Place) -> Iterator[tuple[tuple[str, str, object], int]]:
        """What of counted things it takes one of, with how many there are."""
        plan = self._plan
        for code in set(meeting.needs) & plan.resources.keys():
            for slot in range(place.slot, place.slot + meeting.length):
                yield ("resource", code, slot), plan.resources[code]
        for party in meeting.parties:
            limit = plan.limits.get(party)
            if limit and limit.meetings is not None:
                yield ("meetings", party, ""), limit.meetings
            if limit and limit.per_day is not None:
                yield ("per_day", party, plan.slots[place.slot].day), limit.per_day
            if limit and limit.moves is not None and is_moved(plan, place):
                yield ("moves", party, ""), limit.moves

"""A first plan in milliseconds: the weightiest meeting first, into its first free slot and the smallest room that takes it."""

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem


def greedy(problem: Problem) -> tuple[Assignment, ...]:
    """A plan that breaks no rule; meetings that can hardly go anywhere come before others of their weight."""
    rooms = sorted(problem.rooms, key=lambda room: (room.seats, room.code))
    taken: set[tuple[str, int]] = set()
    used: set[tuple[str, int]] = set()
    plan: list[Assignment] = []
    for meeting in sorted(problem.meetings, key=lambda one: (-one.weight, len(one.starts), one.key)):
        found = _first_place(meeting, rooms, taken, used)
        if found:
            plan.append(found)
            taken.update((party, slot) for party in meeting.parties for slot in meeting.run(found.slot))
            used.update((found.room, slot) for slot in meeting.run(found.slot))
    return tuple(plan)


def _first_place(
    meeting: Meeting, rooms: list[OpenRoom], taken: set[tuple[str, int]], used: set[tuple[str, int]]
) -> Assignment | None:
    for start in meeting.starts:
        run = meeting.run(start)
        if any((party, slot) in taken for party in meeting.parties for slot in run):
            continue
        for room in rooms:
            if room.takes(meeting, start) and not any((room.code, slot) in used for slot in run):
                return Assignment(meeting.key, start, room.code)
    return None

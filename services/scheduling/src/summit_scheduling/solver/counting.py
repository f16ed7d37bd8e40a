"""How few changes of room there must be, by counting alone: a proof that needs no solver.

Between two meetings of a party, one after the other on one day, there is a *link*. At the least as many links as a party has
meetings, less one for each day on which it can meet. A link is an idle period, or the next meeting begins as the first ends. In
the second case the party stays in its room only if that room's next meeting is its own; and of all parties of a meeting, only
those can do so that are in the same next meeting. So whatever the timetable,

    changes of room  >=  links - idle periods - for each meeting, how many of its parties another meeting has too, at most
                               + one such number for each room and day in use, whose last meeting nothing follows
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from summit_scheduling.domain.problem import Problem


def fewest_room_changes(problem: Problem, allowed: Mapping[str, Collection[int]], *, gaps: int) -> int:
    """No plan that holds these meetings at some of these starts each, with no more than so many gaps, has fewer changes of room."""
    links = sum(max(0, meetings - days) for meetings, days in _meetings_and_days(problem, allowed).values())
    stay = sorted(_parties_in_common(problem, allowed))
    return max(0, links - gaps - sum(stay[_fewest_rooms(problem, allowed) :]))


def _meetings_and_days(
    problem: Problem, allowed: Mapping[str, Collection[int]]
) -> Mapping[str, tuple[int, int]]:
    """For each party, how many meetings it has and on how many days it can have one."""
    meetings, days = Counter[str](), defaultdict[str, set[object]](set)
    for key, starts in allowed.items():
        for party in problem.by_key[key].parties:
            meetings[party] += 1
            days[party].update(problem.days[start] for start in starts)
    return {party: (count, len(days[party])) for party, count in meetings.items()}


def _parties_in_common(problem: Problem, allowed: Collection[str]) -> list[int]:
    """For each meeting, the most parties that it has in common with another one."""
    of_party: dict[str, list[str]] = defaultdict(list)
    for key in allowed:
        for party in problem.by_key[key].parties:
            of_party[party].append(key)
    return [
        max(
            Counter(
                other for party in problem.by_key[key].parties for other in of_party[party] if other != key
            ).values(),
            default=0,
        )
        for key in allowed
    ]


def _fewest_rooms(problem: Problem, allowed: Collection[str]) -> int:
    """In how many rooms, counted anew each day, meetings begin at least: those that are open longest hold it all."""
    open_for = Counter((room.code, problem.days[slot]) for room in problem.rooms for slot in room.slots)
    lengths = [problem.by_key[key].length for key in allowed]
    over = max(lengths, default=1) - 1  # a last one may go on when the day is over
    left, used = sum(lengths), 0
    for slots in sorted(open_for.values(), reverse=True):
        if left <= 0:
            break
        left -= slots + over
        used += 1
    return used

"""A first plan in milliseconds: the weightiest meeting first, into its first free slot and the smallest room that takes it."""

from summit_scheduling.domain.occupied import Occupied, Place
from summit_scheduling.domain.problem import Assignment, Problem


def greedy(problem: Problem) -> tuple[Assignment, ...]:
    """A plan that breaks no rule; pinned meetings come first, then those that can stay where they were published, then the
    weightiest; meetings that can hardly go anywhere come before others of their weight.
    """
    occupied = Occupied(problem)
    plan: list[Assignment] = []
    for meeting in sorted(
        problem.meetings,
        key=lambda one: (
            not one.is_fixed,
            one.key not in problem.can_stay,
            -one.weight,
            len(one.starts),
            one.key,
        ),
    ):
        before = problem.place_before.get(meeting.key)
        stay = Place(before.slot, before.room) if before else None
        place = stay if stay and occupied.is_free(meeting, stay) else next(occupied.places(meeting), None)
        if place:
            occupied.take(meeting, place)
            plan.append(Assignment(meeting.key, *place))
    return tuple(plan)

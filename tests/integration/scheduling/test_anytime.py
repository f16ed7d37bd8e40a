"""While a solve is under way it says how far it is, and whoever has seen enough gets the best plan so far."""

from datetime import timedelta

from tests.integration.scheduling.planting import Planting

from summit_testkit.builders.scheduling import FIRST_DAY, a_wish
from summit_testkit.eventually import eventually
from summit_testkit.forms import Json, refusal

STUCK_AFTER_ITS_FIRST_PLAN = """
import time
import summit_scheduling.solver.proof as proof
from summit_scheduling.solver.worker import main
proof.prove_all = lambda standing: time.sleep(600)
main()
"""


async def test_a_solve_under_way_tells_best_bound_gap_and_seconds_and_stopped_keeps_its_best(
    planting: Planting,
) -> None:
    meetings = planting.meetings
    first = (FIRST_DAY,)
    await meetings.agree(
        a_wish("b1", "KE", "RW", days=first, priority=1), a_wish("b2", "KE", "FR", days=first, priority=3)
    )
    planting.plant(STUCK_AFTER_ITS_FIRST_PLAN, timedelta(minutes=10))
    solve = await meetings.solve(seconds=600)

    async def has_a_plan() -> Json:
        seen = dict((await meetings.ask("GET", solve)).json())
        assert seen["best"] is not None, seen
        return seen

    seen = await eventually(has_a_plan, within=60)
    assert (seen["state"], seen["stage"], seen["level"]) == ("solving", "greedy", "weight")
    assert (seen["best"], seen["bound"], seen["gap"]) == (17, 17, 0.0)
    assert seen["seconds"] >= 0
    stopped = await meetings.ask("POST", f"{solve}/stop")
    assert (stopped.status_code, stopped.json()["is_stopping"]) == (202, True)
    solved = await meetings.until(solve, "solved")
    assert (solved["placed"], solved["agreed"]) == (2, 2)
    assert {level["code"] for level in solved["certificate"]["levels"]} >= {"weight", "gaps", "earliness"}
    assert (await meetings.ask("POST", f"{solve}/publish")).status_code == 201


async def test_a_solve_stopped_before_its_first_plan_is_told_as_stopped(planting: Planting) -> None:
    meetings = planting.meetings
    await meetings.agree(a_wish("b1", "KE", "RW", days=(FIRST_DAY,)))
    planting.plant("import sys, time; sys.stdin.buffer.readline(); time.sleep(600)", timedelta(minutes=10))
    solve = await meetings.solve(seconds=600)
    await meetings.until(solve, "solving")
    assert (await meetings.ask("POST", f"{solve}/stop")).status_code == 202
    failed = await meetings.until(solve, "failed")
    assert failed["failure"] == "it was stopped before it had a plan"
    assert refusal(await meetings.ask("POST", f"{solve}/publish")) == (409, "solve-not-ready")

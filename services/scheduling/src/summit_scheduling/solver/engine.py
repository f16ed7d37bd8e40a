"""From a problem to its best plan, with proof: one stage after the other, each settled before the next as far as time allows.

In each stage, each step only where the one before did not settle it (`proof.prove`):

1. `greedy` gives a plan at once.
2. `bound`: the linear relaxation, solved by simplex, proves what no plan can exceed, in whole numbers.
3. `dive`: the relaxation is solved again and again for what it has not decided yet, and HiGHS completes what is left. In nearly
   every summit this reaches the bound, and the plan is proven best.
4. `search`: HiGHS over every column that a plan as good as the bound can contain, and where there is none, over every column
   that any better plan can contain.

Weight and what comes next are first tried as one sum (`proof.prove_all`), which nearly always settles both.
"""

from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.problem import Problem
from summit_scheduling.solver.greedy import greedy
from summit_scheduling.solver.stage import placing
from summit_scheduling.solver.standing import Report, Standing


def solve(problem: Problem, *, seed: int, seconds: float, report: Report | None = None) -> Plan:
    """The best plan found within so many seconds, and the bounds proven by then.

    Within the time the assignments depend on problem, seed and version alone. `report` hears of each step, with the best plan
    so far.
    """
    standing = Standing(problem, seed, seconds, report or _to_nobody, placing(problem))
    standing.improve(greedy(problem))
    standing.say("greedy")
    # OR-tools takes most of a second to load: the first plan is there, and said, before
    from summit_scheduling.solver.proof import prove_all

    prove_all(standing)
    return standing.plan()


def _to_nobody(_progress: Progress, _plan: Plan) -> None:
    """Nobody listens."""

"""The planner: solve(problem, limits) is the one entry; solve_in_process() puts a wall around it."""

from campaign.planning.solver.engine import solve
from campaign.planning.solver.outcome import LEVELS, Level, Limits, Outcome, Progress, SolveStatus

__all__ = ["LEVELS", "Level", "Limits", "Outcome", "Progress", "SolveStatus", "solve"]

"""HiGHS on the best programme known to us (`mip.py`), with both cores."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from benchmarks.peers.mip import programme
from benchmarks.peers.talk import Answer, run


def solve(facts: dict[str, Any], limit: float) -> Answer:
    """Build the programme and solve it with what is left of the limit."""
    started = time.monotonic()
    lp = programme(facts)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(lp.cost), len(lp.row_least)
    model.col_cost_ = np.array(lp.cost)
    model.col_lower_, model.col_upper_ = np.array(lp.least, dtype=float), np.array(lp.most, dtype=float)
    model.row_lower_, model.row_upper_ = (
        np.array(lp.row_least, dtype=float),
        np.array(lp.row_most, dtype=float),
    )
    model.offset_ = lp.constant
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(lp.starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(lp.columns, dtype=np.int32)
    model.a_matrix_.value_ = np.array(lp.values)
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in lp.whole]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 2)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-4)
    solver.passModel(model)
    solver.setOptionValue("time_limit", max(0.1, limit - (time.monotonic() - started)))
    solver.run()
    info, status = solver.getInfo(), solver.modelStatusToString(solver.getModelStatus())
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(note=status)
    home, roles = lp.answer(facts, solver.getSolution().col_value)
    return Answer(home=home, roles=roles, bound=float(info.mip_dual_bound), note=status)


if __name__ == "__main__":
    run(solve)

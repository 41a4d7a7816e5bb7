"""Instructions in user space, which no busy machine changes; and what a larger network costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cases
from cases import Figures
from report import Section, number
from runs import Function, Lab, SystemsManager

FEW, MANY = 20, 220
SIZES = (4, 100, 1000, 4000)
GROWTH = {"instructions": "instructions (M)", "cpu_ms": "CPU (ms)", "calls": "SSM calls", "rss_mb": "peak RSS (MB)", "sent_kb": "sent (KB)"}


def echoes(lab: Lab, functions: list[Function], absent: dict[str, str]) -> Figures:
    """A start with one invocation of 1 KB, and a warm one: the difference of many and few, for each of those between."""
    figures: Figures = {}
    event = cases.kilobytes(1)
    for function in functions:
        try:
            first, few, many = (lab.instructions(function, event, count) for count in (1, FEW, MANY))
        except RuntimeError as error:
            absent[f"instructions of {function.name}"] = f"it does not run under valgrind: {str(error).strip()[-200:]}"
            continue
        figures[function.name] = {"start": [first], "warm": [(many - few) / (MANY - FEW) * 1000]}
    return figures


def phase(lab: Lab, function: Function, routers: int) -> float:
    """Millions, of phase 2's whole process, while Systems Manager answers at once."""
    fleet_file, environment = cases.prepared(lab, "phase2", routers)
    with SystemsManager(lab, fleet_file, 0) as ssm:
        count = lab.instructions(function, b"{}", 1, **cases.phase_environment(ssm), **environment)
        cases.check(lab, function, routers, {"errors": 0})
    return count


def until_asked(lab: Lab, function: Function, routers: int) -> float:
    """Millions, before phase 2 asks for its first invocation."""
    _, environment = cases.prepared(lab, "phase2", routers)
    return lab.instructions(function, b"{}", 0, AWS_ENDPOINT_URL="http://127.0.0.1:9", SSM_PARAM_PREFIX="/sdwan/", **environment)


def growth(lab: Lab, function: Function, sizes: tuple[int, ...], rounds: int) -> Figures:
    """Phase 2 over networks of these sizes."""
    figures: Figures = {}
    for routers in sizes:
        runs = cases.phases(lab, {"phase2": [function]}, routers, rounds)[function.name]
        row = {name: runs[name] for name in ("cpu_ms", "rss_mb", "sent_kb")}
        row["calls"] = [value * routers for value in runs["calls_per_instance"]]
        if lab.can_count:
            row["instructions"] = [phase(lab, function, routers)]
        figures[f"{routers:,} routers"] = row
    return figures


@dataclass
class Growth(Section):
    """Below the rows the exponents: the slope between two sizes where both are drawn by their logarithms."""

    sizes: tuple[int, ...] = ()

    def exponents(self, small: int, large: int) -> dict[str, float]:
        rows = self.summaries()
        low, high = rows[f"{small:,} routers"], rows[f"{large:,} routers"]
        return {name: math.log(high[name].median / low[name].median) / math.log(large / small) for name in self.units if name in low}

    def markdown(self) -> str:
        lines = [f"## {self.title}", "", self.note, "", "| | " + " | ".join(self.units.values()) + " |",
                 "|---" + "|---:" * len(self.units) + "|"]
        for name, row in self.summaries().items():
            lines.append(f"| {name} | " + " | ".join(number(row[one].median) if one in row else "–" for one in self.units) + " |")
        for small, large in ((self.sizes[0], self.sizes[1]), (self.sizes[1], self.sizes[-1])):
            slopes = self.exponents(small, large)
            cells = (f"{slopes[one]:.2f}" if one in slopes else "–" for one in self.units)
            lines.append(f"| exponent, {small:,} to {large:,} | " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"

"""Medians, ratios, goals; Markdown and JSON."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from cases import Figures


@dataclass(frozen=True)
class Summary:
    """Median and the middle half of the values."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(values: list[float]) -> Summary:
        if len(values) == 1:
            return Summary(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return Summary(median, low, high)

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.low)}–{number(self.high)})"


def number(value: float) -> str:
    """Three digits, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


@dataclass
class Section:
    """One case: a row for each participant, each figure also as a ratio to the first row's."""

    title: str
    figures: Figures
    units: dict[str, str]
    note: str = ""

    def summaries(self) -> dict[str, dict[str, Summary]]:
        return {name: {figure: Summary.of(values) for figure, values in figures.items()}
                for name, figures in self.figures.items()}

    def markdown(self) -> str:
        rows = self.summaries()
        base = next(iter(rows.values()))
        lines = [f"## {self.title}", "", *([self.note, ""] if self.note else []),
                 "| | " + " | ".join(f"{title} | ratio" for title in self.units.values()) + " |",
                 "|---" + "|---:|---:" * len(self.units) + "|"]
        for name, summaries in rows.items():
            cells = []
            for figure in self.units:
                summary = summaries[figure]
                ratio = number(summary.median / base[figure].median) if base[figure].median > 0 else "–"
                cells += [str(summary), ratio]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"


@dataclass
class Report:
    """All of a run."""

    facts: dict[str, str] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    goals: list[tuple[str, float, float]] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)

    def goal(self, what: str, measured: float, at_most: float) -> None:
        self.goals.append((what, measured, at_most))

    def markdown(self) -> str:
        parts = ["# Benchmark", "", *(f"- {name}: {value}" for name, value in self.facts.items()), "",
                 "Every figure is the median of interleaved runs, with the middle half of them in parentheses; CPU and "
                 "peak RSS are what wait4 says, CPU of a warm invocation the process's CPU clock; instructions are those "
                 "in user space, counted by callgrind. All programs were copied alike before. A ratio is to the first row.",
                 "", "## Goals", "", "| goal | measured | at most | |", "|---|---:|---:|---|"]
        for what, measured, at_most in self.goals:
            parts.append(f"| {what} | {measured:.3g} | {at_most:.3g} | {'met' if measured <= at_most else '**missed**'} |")
        parts += ["", *(section.markdown() for section in self.sections)]
        if self.absent:
            parts += ["## Absent", "", *(f"- {name}: {reason}" for name, reason in self.absent.items()), ""]
        return "\n".join(parts)

    def json(self) -> str:
        sections = [{"title": one.title, "figures": {name: {figure: vars(summary) for figure, summary in row.items()}
                                                     for name, row in one.summaries().items()}} for one in self.sections]
        goals = [{"goal": what, "measured": measured, "at_most": at_most, "met": measured <= at_most}
                 for what, measured, at_most in self.goals]
        return json.dumps({"facts": self.facts, "goals": goals, "sections": sections, "absent": self.absent}, indent=2)

    def write(self, folder: Path) -> None:
        (folder / "bench.md").write_text(self.markdown())
        (folder / "bench.json").write_text(self.json() + "\n")

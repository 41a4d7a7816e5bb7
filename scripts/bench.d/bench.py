"""Runs every case and writes the table; `scripts/bench` builds what this needs and calls it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path

import cases
import ceilings
import counts
import downloads
import jobs
import rollout
from participants import BY_PATH, FLOOR, GO_JOB, LAZY, OURS, SINGLE, START_GOALS, Participants, parse_peer
from report import Report, Section, Summary
from runs import Lab

FLOORS = (f"{FLOOR} makes OpenSSL ready at its start, as a C program over a stock libcurl does; the project's libcurl leaves it "
          f"until TLS is wanted, as \"{LAZY}\" shows.")
START = {"next_ms": "exec → /next (ms)", "response_ms": "exec → /response (ms)", "cpu_ms": "CPU (ms)",
         "rss_mb": "peak RSS (MB)"}
WARM = {"warm_cpu_us": "CPU (µs)", "warm_us": "wall (µs)"}
PHASE = {"response_ms": "exec → /response (ms)", "cpu_ms": "CPU (ms)", "rss_mb": "peak RSS (MB)",
         "calls_per_instance": "SSM calls per router", "sent_kb": "sent (KB)"}
INSTRUCTIONS = {"start": "start and one invocation (M instructions)", "warm": "a warm invocation (K instructions)"}
REALISTIC = {"discovery_ratio": "discovery beside its calls one after the other", "after_discovery_s": "wall after discovery (s)",
             "excess_s": "beyond the longest command (s)", "cpu_ms": "CPU (ms)", "rss_mb": "peak RSS (MB)",
             "calls_per_instance": "SSM calls per router"}
DOWNLOAD = {"seconds": "wall (s)", "cpu_seconds": "CPU (s)"}
# The producer is at least 0.7 times as fast.
SLOWEST_DOWNLOAD = 1 / 0.7
# Millions of instructions that phase 2 took at four and at 100 routers before the second round of work on them, and what part
# of it is the goal; before its first /next at 1,000.
PHASE2_BEFORE, PHASE2_SHARE, PHASE2_INIT = {4: 38.1, 100: 560.8}, 0.6, 10
# Of a column of the growth table between 100 and the largest number of routers.
LARGEST_EXPONENT = 1.1
INVOCATIONS, GROWTH_MB = 200_000, 0.5
# How many routers.
REALISTIC_SIZES = {"phase1": (4, 100, 1000), "phase2": (1, 4, 50, 100, 1000), "phase3": (4, 100, 1000)}
# Of the commands' times and the polls' pauses. Calls are not scaled: below this their 30 ms fill the pauses of a
# thousand routers.
SCALE = 0.1
# Two regions side by side take half the time; what is above it is room for the function's own work.
SIDE_BY_SIDE = 0.75


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peer", type=parse_peer, action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--job", type=parse_peer, action="append", default=[], metavar="NAME=COMMAND")
    options = parser.parse_args()
    lab = Lab(options.work)
    report = Bench(lab, Participants(lab, options.peer, options.job), options.quick).run(options.output)
    print(report.markdown())


class Bench:
    def __init__(self, lab: Lab, participants: Participants, quick: bool) -> None:
        self.lab, self.participants, self.quick = lab, participants, quick
        self.report = Report(absent=participants.absent())
        self.calls_at_four: dict[str, float] = {}

    def run(self, output: Path) -> Report:
        """Everything; what is done is in `output` after each step."""
        begun = time.monotonic()
        self._facts()
        for step in (self._start, self._warm, self._instructions, self._memory, self._four_routers, self._fleets, self._rollout,
                     self._growth, self._realistic, self._download):
            print(f"==> {time.monotonic() - begun:.0f} s: {step.__name__.strip('_')}", file=sys.stderr)
            step()
            self.report.write(output)
        return self.report

    def _rounds(self, usual: int) -> int:
        return max(usual // 5, 3 if usual >= 5 else 1) if self.quick else usual

    # The cases

    def _facts(self) -> None:
        self.report.facts["machine"] = f"{os.cpu_count()} CPUs, {platform.system()} {platform.release()}, " \
                                       f"load {os.getloadavg()[0]:.1f} at the beginning"
        self.report.facts |= ceilings.measure(self.lab, 5_000)
        for phase in cases.PHASES:
            size = (self.lab.work / "dist" / f"{phase}.zip").stat().st_size / 1e6
            self.report.goal(f"zip of {phase} (MB)", size, 6)

    def _start(self) -> None:
        figures = cases.start(self.lab, self.participants.echoes(), self._rounds(21))
        section = Section("A new process, 1 KB echoed", figures, START, FLOORS)
        self.report.sections.append(section)
        rows = section.summaries()
        for name, most in START_GOALS.items():
            if name in rows:
                ratio = rows[OURS]["next_ms"].median / rows[name]["next_ms"].median
                self.report.goal(f"{START['next_ms']} beside {name}", ratio, most)
        self.report.goal("a new process, peak RSS (MB)", rows[OURS]["rss_mb"].median, 6.5)

    def _warm(self) -> None:
        for size, count in ((1024, 2000), (200 * 1024, 300)):
            figures = cases.warm(self.lab, self.participants.echoes(), size, count, self._rounds(7))
            section = Section(f"A warm invocation, {size // 1024} KB echoed", figures, WARM)
            self.report.sections.append(section)
            if size == 1024:
                rows = section.summaries()
                ratio = rows[OURS]["warm_cpu_us"].median / rows[FLOOR]["warm_cpu_us"].median
                self.report.goal("warm 1 KB invocation, CPU beside C over libcurl", ratio, 1.15)

    def _instructions(self) -> None:
        if not self.lab.can_count:
            return
        figures = counts.echoes(self.lab, self.participants.echoes(), self.report.absent)
        order = [FLOOR, *(name for name in figures if name != FLOOR)]
        section = Section("Instructions, 1 KB echoed", {name: figures[name] for name in order}, INSTRUCTIONS, FLOORS)
        self.report.sections.append(section)
        rows = section.summaries()
        for figure, most in (("start", 0.45), ("warm", 1.12)):
            ratio = rows[OURS][figure].median / rows[FLOOR][figure].median
            self.report.goal(f"{INSTRUCTIONS[figure]} beside {FLOOR}", ratio, most)
        function = self.participants.bootstrap("phase2")
        self.report.goal("phase 2 at 1,000 routers, before /next (M instructions)",
                         counts.until_asked(self.lab, function, 1000), PHASE2_INIT)

    def _memory(self) -> None:
        invocations = INVOCATIONS // 10 if self.quick else INVOCATIONS
        values = self.lab.run(self.participants.ours(), cases.kilobytes(1), invocations)
        self.report.goal(f"memory after {invocations:,} invocations, more than after 1,000 (MB)",
                         values["last_rss_mb"] - values["warmed_rss_mb"], GROWTH_MB)

    def _four_routers(self) -> None:
        functions = {phase: [self.participants.bootstrap(phase)] for phase in cases.PHASES}
        functions["phase2"] += self.participants.python(SINGLE, "python_peer.handler", "single")
        functions["phase2"] += self.participants.python(BY_PATH, "python_peer.handler", "path")
        figures = cases.phases(self.lab, functions, 4, self._rounds(15))
        order = ["phase2", *(name for name in figures if name != "phase2")]
        section = Section("Four routers, Systems Manager answers at once", {name: figures[name] for name in order}, PHASE,
                          "A ratio is to our phase 2. The Python peers do phase 2's job one router after the other.")
        self.report.sections.append(section)
        rows = section.summaries()
        for phase in cases.PHASES:
            self.report.goal(f"{phase} over 4 routers, peak RSS (MB)", rows[phase]["rss_mb"].median, 11)
            self.report.goal(f"{phase}, a script on the wire, with its request (KB)", rows[phase]["largest_kb"].median, 14)
            self.calls_at_four[phase] = rows[phase]["calls_per_instance"].median
        for peer in (SINGLE, BY_PATH):
            if peer in rows:
                for figure, most in (("response_ms", 1 / 20), ("cpu_ms", 1 / 20), ("rss_mb", 1 / 4)):
                    ratio = rows["phase2"][figure].median / rows[peer][figure].median
                    self.report.goal(f"phase 2, {PHASE[figure]} beside {peer}", ratio, most)

    def _fleets(self) -> None:
        for routers in (100, 1000):
            functions = {phase: [self.participants.bootstrap(phase)] for phase in ("phase2", "phase1", "phase3")}
            functions["phase2"] += jobs.with_scripts(self.lab, self.participants.phase_jobs(), functions["phase2"][0], routers)
            figures = cases.phases(self.lab, functions, routers, self._rounds(5))
            section = Section(f"{routers:,} routers, Systems Manager answers at once", figures, PHASE,
                              "The others do phase 2's job with the scripts that ours has sent, and do not make them.")
            self.report.sections.append(section)
            rows = section.summaries()
            for phase in cases.PHASES:
                self._fleet_goals(phase, routers, rows[phase])
            for figure, most in (("cpu_ms", 0.6), ("response_ms", 0.9)):
                if GO_JOB in rows:
                    ratio = rows["phase2"][figure].median / rows[GO_JOB][figure].median
                    self.report.goal(f"phase 2 at {routers:,}, {PHASE[figure]} beside {GO_JOB}", ratio, most)

    def _fleet_goals(self, phase: str, routers: int, row: dict[str, Summary]) -> None:
        calls = row["calls_per_instance"].median
        self.report.goal(f"{phase}, SSM calls per router at {routers:,} beside 4", calls / self.calls_at_four[phase], 1)
        if routers == 1000:
            self.report.goal(f"{phase} over 1,000 routers, peak RSS (MB)", row["rss_mb"].median, 64)
            self.report.goal(f"{phase} over 1,000 routers, SSM calls per router", calls, 1.35)

    def _rollout(self) -> None:
        functions = {phase: self.participants.bootstrap(phase) for phase in cases.PHASES}
        self.report.goal("a rollout of three phases over 1,000 routers, SSM calls per router",
                         rollout.calls_per_router(self.lab, functions, 1000), 5)

    def _growth(self) -> None:
        sizes = counts.SIZES[:3] if self.quick else counts.SIZES
        figures = counts.growth(self.lab, self.participants.bootstrap("phase2"), sizes, self._rounds(3))
        section = counts.Growth("Growth: phase 2, Systems Manager answers at once", figures, counts.GROWTH,
                                "An exponent is the slope of a column between two sizes, both drawn by their logarithms: 1 is linear.",
                                sizes)
        self.report.sections.append(section)
        rows = section.summaries()
        for routers, before in PHASE2_BEFORE.items():
            if self.lab.can_count:
                self.report.goal(f"phase 2 at {routers} routers (M instructions); {PHASE2_SHARE} of the {before} that it took once",
                                 rows[f"{routers} routers"]["instructions"].median, PHASE2_SHARE * before)
        for name, exponent in section.exponents(sizes[1], sizes[-1]).items():
            self.report.goal(f"growth of phase 2 from {sizes[1]} to {sizes[-1]:,} routers, exponent of {counts.GROWTH[name]}",
                             exponent, LARGEST_EXPONENT)

    def _realistic(self) -> None:
        figures = {f"{phase}, N = {routers:,}": cases.realistic(self.lab, self.participants.bootstrap(phase), routers, SCALE,
                                                               self._rounds(3))
                   for phase in cases.PHASES for routers in REALISTIC_SIZES[phase]}
        section = Section(
            "Realistic latencies", figures, REALISTIC,
            f"Calls take 30 ms; commands take {cases.SHORTEST:.0f} to {cases.LONGEST:.0f} s and polls pause up to "
            f"{cases.POLL:.0f} s, all three times {SCALE}. A ratio is to the first row.")
        self.report.sections.append(section)
        rows = section.summaries()
        for name, row in rows.items():
            self.report.goal(f"{name}: wall from discovery's end, beyond the longest command (s); one poll and 1 s",
                             row["excess_s"].median, cases.POLL * SCALE + 1)
        for phase in cases.PHASES:
            name = f"{phase}, N = 1,000"
            self.report.goal(f"{name}: discovery of two regions, beside its calls one after the other",
                             rows[name]["discovery_ratio"].median, SIDE_BY_SIDE)
            self.report.goal(f"{name}, realistic latencies: peak RSS (MB)", rows[name]["rss_mb"].median, 64)

    def _download(self) -> None:
        figures = downloads.measure(self.lab, self.participants.bootstrap("files"), self._rounds(5))
        rows = {name: figures[name] for name in (downloads.PRODUCER, downloads.COMMAND_LINE) if name in figures}
        section = Section("A gigabyte from S3, copied and hashed", rows, DOWNLOAD,
                          "Both from a program's start to its end, into files in memory.")
        self.report.sections.append(section)
        summaries = section.summaries()
        self.report.goal("the producer, a gigabyte: peak RSS (MB)", max(figures[downloads.PRODUCER]["rss_mb"]), 64)
        if downloads.COMMAND_LINE not in summaries:
            self.report.absent[downloads.COMMAND_LINE] = "awscli could not be installed from PyPI"
            return
        ours, theirs = summaries[downloads.PRODUCER], summaries[downloads.COMMAND_LINE]
        for figure, title in DOWNLOAD.items():
            self.report.goal(f"a gigabyte copied and hashed, {title} beside {downloads.COMMAND_LINE}",
                             ours[figure].median / theirs[figure].median, SLOWEST_DOWNLOAD)


if __name__ == "__main__":
    main()

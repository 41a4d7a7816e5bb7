"""Runs every case and writes the table; `scripts/bench` builds what this needs and calls it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

import cases
import downloads
from participants import BY_PATH, FLOOR, OURS, SINGLE, START_GOALS, Participants, parse_peer
from report import Report, Section
from runs import Lab

START = {"next_ms": "exec → /next (ms)", "response_ms": "exec → /response (ms)", "cpu_ms": "CPU (ms)",
         "rss_mb": "peak RSS (MB)"}
WARM = {"warm_cpu_us": "CPU (µs)", "warm_us": "wall (µs)"}
PHASE = {"response_ms": "exec → /response (ms)", "cpu_ms": "CPU (ms)", "rss_mb": "peak RSS (MB)",
         "calls_per_instance": "SSM calls per router"}
REALISTIC = {"discovery_ratio": "discovery beside its calls one after the other", "after_discovery_s": "wall after discovery (s)",
             "excess_s": "beyond the longest command (s)", "cpu_ms": "CPU (ms)", "rss_mb": "peak RSS (MB)",
             "calls_per_instance": "SSM calls per router"}
DOWNLOAD = {"seconds": "wall (s)", "cpu_seconds": "CPU (s)"}
# The producer is at least 0.7 times as fast.
SLOWEST_DOWNLOAD = 1 / 0.7
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
    options = parser.parse_args()
    lab = Lab(options.work)
    report = Bench(lab, Participants(lab, options.peer), options.quick).run()
    report.write(options.output)
    print(report.markdown())


class Bench:
    def __init__(self, lab: Lab, participants: Participants, quick: bool) -> None:
        self.lab, self.participants, self.quick = lab, participants, quick
        self.report = Report(absent=participants.absent())
        self.calls_at_four: dict[str, float] = {}

    def run(self) -> Report:
        self._facts()
        for step in (self._start, self._warm, self._four_routers, self._fleets, self._realistic, self._download):
            print(f"==> {step.__name__.strip('_')}", file=sys.stderr)
            step()
        return self.report

    def _rounds(self, usual: int) -> int:
        return max(usual // 5, 3 if usual >= 5 else 1) if self.quick else usual

    # The cases

    def _facts(self) -> None:
        self.report.facts["machine"] = f"{os.cpu_count()} CPUs, {platform.system()} {platform.release()}, " \
                                       f"load {os.getloadavg()[0]:.1f} at the beginning"
        for name, most in cases.ceilings(self.lab, 5_000).items():
            self.report.facts[f"the benchmark's own {name}"] = f"{most:,.0f}"
        for phase in cases.PHASES:
            size = (self.lab.work / "dist" / f"{phase}.zip").stat().st_size / 1e6
            self.report.goal(f"zip of {phase} (MB)", size, 7)

    def _start(self) -> None:
        figures = cases.start(self.lab, self.participants.echoes(), self._rounds(21))
        section = Section("A new process, 1 KB echoed", figures, START)
        self.report.sections.append(section)
        rows = section.summaries()
        for name, most in START_GOALS.items():
            if name in rows:
                ratio = rows[OURS]["next_ms"].median / rows[name]["next_ms"].median
                self.report.goal(f"{START['next_ms']} beside {name}", ratio, most)

    def _warm(self) -> None:
        for size, count in ((1024, 2000), (200 * 1024, 300)):
            figures = cases.warm(self.lab, self.participants.echoes(), size, count, self._rounds(7))
            section = Section(f"A warm invocation, {size // 1024} KB echoed", figures, WARM)
            self.report.sections.append(section)
            if size == 1024:
                rows = section.summaries()
                ratio = rows[OURS]["warm_cpu_us"].median / rows[FLOOR]["warm_cpu_us"].median
                self.report.goal("warm 1 KB invocation, CPU beside C over libcurl", ratio, 1.15)

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
            self.report.goal(f"{phase} over 4 routers, peak RSS (MB)", rows[phase]["rss_mb"].median, 16)
            self.calls_at_four[phase] = rows[phase]["calls_per_instance"].median
        for peer in (SINGLE, BY_PATH):
            if peer in rows:
                for figure, most in (("response_ms", 1 / 20), ("cpu_ms", 1 / 20), ("rss_mb", 1 / 4)):
                    ratio = rows["phase2"][figure].median / rows[peer][figure].median
                    self.report.goal(f"phase 2, {PHASE[figure]} beside {peer}", ratio, most)

    def _fleets(self) -> None:
        for routers in (100, 1000):
            functions = {phase: [self.participants.bootstrap(phase)] for phase in cases.PHASES}
            figures = cases.phases(self.lab, functions, routers, self._rounds(3))
            section = Section(f"{routers:,} routers, Systems Manager answers at once", figures, PHASE)
            self.report.sections.append(section)
            for phase, row in section.summaries().items():
                calls = row["calls_per_instance"].median / self.calls_at_four[phase]
                self.report.goal(f"{phase}, SSM calls per router at {routers:,} beside 4", calls, 1)
                if routers == 1000:
                    self.report.goal(f"{phase} over 1,000 routers, peak RSS (MB)", row["rss_mb"].median, 64)

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

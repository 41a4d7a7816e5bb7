"""Runs every case and writes the table; `scripts/bench` builds what this needs and calls it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import zipfile
from pathlib import Path

import cases
from report import Report, Section
from runs import Function, Lab

OURS, FLOOR, SOCKET = "Swift, this project", "C over the same libcurl", "C over raw sockets"
PYTHON, SINGLE, BY_PATH = "Python, awslambdaric", "Python, parameter by parameter", "Python, parameters by path"
START = {"next_ms": "exec → /next (ms)", "response_ms": "exec → /response (ms)", "cpu_ms": "CPU (ms)",
         "rss_mb": "peak RSS (MB)"}
WARM = {"warm_cpu_us": "CPU (µs)", "warm_us": "wall (µs)"}
PHASE = {"response_ms": "exec → /response (ms)", "cpu_ms": "CPU (ms)", "rss_mb": "peak RSS (MB)",
         "calls_per_instance": "SSM calls per router"}
REALISTIC = {"after_discovery_s": "wall after discovery (s)", "excess_s": "beyond the longest command (s)",
             "cpu_ms": "CPU (ms)", "rss_mb": "peak RSS (MB)", "calls_per_instance": "SSM calls per router"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    report = Bench(Lab(options.work), options.quick).run()
    report.write(options.output)
    print(report.markdown())


class Bench:
    def __init__(self, lab: Lab, quick: bool) -> None:
        self.lab, self.quick, self.report = lab, quick, Report()
        self.python = (lab.work / "venv" / "bin" / "python").exists()
        self.scale = 0.05 if quick else 0.1

    def run(self) -> Report:
        self._facts()
        for step in (self._start, self._warm, self._four_routers, self._fleets, self._realistic):
            print(f"==> {step.__name__.strip('_')}", file=sys.stderr)
            step()
        return self.report

    def _rounds(self, usual: int) -> int:
        return max(usual // 5, 3 if usual >= 5 else 1) if self.quick else usual

    # Who takes part

    def _bootstrap(self, phase: str, name: str) -> Function:
        folder = self.lab.work / "functions" / phase
        with zipfile.ZipFile(self.lab.work / "dist" / f"{phase}.zip") as archive:
            archive.extractall(folder)
        (folder / "bootstrap").chmod(0o755)
        variables = {"VYOS_S3_BUCKET": "images", "VYOS_S3_REGION": "us-east-1", "VYOS_S3_KEY": "router.tar.gz"}
        return Function(name, (str(folder / "bootstrap"),), variables)

    def _python(self, name: str, handler: str, discovery: str = "") -> list[Function]:
        if not self.python:
            return []
        folder = str(Path(__file__).parent)
        command = (str(self.lab.work / "venv" / "bin" / "python"), "-m", "awslambdaric", handler)
        return [Function(name, command, {"PEER_DISCOVERY": discovery, "LAMBDA_TASK_ROOT": folder, "PYTHONPATH": folder,
                                         "PYTHONPYCACHEPREFIX": str(self.lab.work / "pycache")})]

    def _echoes(self) -> list[Function]:
        named = (SOCKET, "echo-socket"), (FLOOR, "echo-curl"), (OURS, "echo-swift")
        return [*(Function(name, (self.lab.tool(tool),)) for name, tool in named), *self._python(PYTHON, "python_echo.echo")]

    # The cases

    def _facts(self) -> None:
        self.report.facts["machine"] = f"{os.cpu_count()} CPUs, {platform.system()} {platform.release()}, " \
                                       f"load {os.getloadavg()[0]:.1f} at the beginning"
        for name, most in cases.ceilings(self.lab, 5_000).items():
            self.report.facts[f"the benchmark's own {name}"] = f"{most:,.0f}"
        for phase in cases.PHASES:
            size = (self.lab.work / "dist" / f"{phase}.zip").stat().st_size / 1e6
            self.report.goal(f"zip of {phase} (MB)", size, 7)
        if not self.python:
            self.report.absent[PYTHON] = "awslambdaric and boto3 could not be installed from PyPI"
        self.report.absent["aws-lambda-cpp"] = \
            "not in Debian; PyPI has it only inside awslambdaric's source, which builds a shared libcurl of its own"
        self.report.absent["swift-aws-lambda-runtime"] = "a Git repository, in neither Debian nor PyPI"

    def _start(self) -> None:
        figures = cases.start(self.lab, self._echoes(), self._rounds(21))
        self.report.sections.append(Section("A new process, 1 KB echoed", figures, START))

    def _warm(self) -> None:
        for size, count in ((1024, 2000), (200 * 1024, 300)):
            figures = cases.warm(self.lab, self._echoes(), size, count, self._rounds(7))
            section = Section(f"A warm invocation, {size // 1024} KB echoed", figures, WARM)
            self.report.sections.append(section)
            if size == 1024:
                rows = section.summaries()
                ratio = rows[OURS]["warm_cpu_us"].median / rows[FLOOR]["warm_cpu_us"].median
                self.report.goal("warm 1 KB invocation, CPU beside C over libcurl", ratio, 1.15)

    def _four_routers(self) -> None:
        functions = {phase: [self._bootstrap(phase, phase)] for phase in cases.PHASES}
        functions["phase2"] += self._python(SINGLE, "python_peer.handler", "single")
        functions["phase2"] += self._python(BY_PATH, "python_peer.handler", "path")
        figures = cases.phases(self.lab, functions, 4, self._rounds(15))
        order = ["phase2", *(name for name in figures if name != "phase2")]
        section = Section("Four routers, Systems Manager answers at once", {name: figures[name] for name in order}, PHASE,
                          "A ratio is to our phase 2. The Python peers do phase 2's job one router after the other.")
        self.report.sections.append(section)
        rows = section.summaries()
        for phase in cases.PHASES:
            self.report.goal(f"{phase} over 4 routers, peak RSS (MB)", rows[phase]["rss_mb"].median, 16)
        for peer in (SINGLE, BY_PATH):
            if peer in rows:
                for figure, most in (("response_ms", 1 / 20), ("cpu_ms", 1 / 20), ("rss_mb", 1 / 4)):
                    ratio = rows["phase2"][figure].median / rows[peer][figure].median
                    self.report.goal(f"phase 2, {PHASE[figure]} beside {peer}", ratio, most)

    def _fleets(self) -> None:
        for routers in (100, 1000):
            functions = {phase: [self._bootstrap(phase, phase)] for phase in cases.PHASES}
            figures = cases.phases(self.lab, functions, routers, self._rounds(3))
            section = Section(f"{routers:,} routers, Systems Manager answers at once", figures, PHASE)
            self.report.sections.append(section)
            if routers == 1000:
                for phase, row in section.summaries().items():
                    self.report.goal(f"{phase} over 1,000 routers, peak RSS (MB)", row["rss_mb"].median, 64)

    def _realistic(self) -> None:
        phase2 = self._bootstrap("phase2", "phase2")
        figures: cases.Figures = {}
        for routers in (4, 100, 1000):
            figures[f"phase2, {routers:,} routers"] = \
                cases.realistic(self.lab, phase2, routers, self.scale, self._rounds(3))["phase2"]
        section = Section(
            "Realistic latencies", figures, REALISTIC,
            f"Calls take 30 ms; commands take {cases.SHORTEST:.0f} to {cases.LONGEST:.0f} s and polls pause up to "
            f"{cases.POLL:.0f} s, all three times {self.scale}.")
        self.report.sections.append(section)
        rows = list(section.summaries().items())
        for name, row in rows:
            self.report.goal(f"{name}: seconds beyond the longest command", row["excess_s"].median,
                             cases.POLL * self.scale + 1)
        per_router = [row["calls_per_instance"].median for _, row in rows]
        self.report.goal("SSM calls per router at 1,000 beside 4", per_router[-1] / per_router[0], 1)


if __name__ == "__main__":
    main()

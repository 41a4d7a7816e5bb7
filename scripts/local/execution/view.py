"""Shows a running execution: a block that redraws itself on a terminal, plain lines elsewhere."""

import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from .progress import RUNNING, Progress
from .state import State

WORKING = "Task"
MARKS = {"start": "running", "Success": "done"}


@dataclass
class RouterWork:
    """A router's command in one state."""

    router: str
    status: str
    started: float
    seconds: float | None


def work_in(progress: Progress, state: State) -> list[RouterWork]:
    """The commands that began while a state was active, by router; the last one of each counts."""
    found: dict[str, RouterWork] = {}
    # One command may be for many routers.
    begun: set[tuple[str, str]] = set()
    for line in progress.activity:
        if line["event"] == "start":
            if line["time"] >= state.entered and (state.ended is None or line["time"] <= state.ended):
                found[line["router"]] = RouterWork(line["router"], "running", line["time"], None)
                begun.add((line["command_id"], line["router"]))
        elif (line["command_id"], line["router"]) in begun:
            work = found[line["router"]]
            work.status, work.seconds = MARKS.get(line["event"], line["event"]), line["seconds"]
    return sorted(found.values(), key=lambda w: w.router)


class LogView:
    """A line for everything that changes, in the order in which it happened."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._said: set[str] = set()
        self._begin = time.time()

    def __call__(self, progress: Progress) -> None:
        new = [(moment, text) for key, moment, text in self._events(progress) if key not in self._said]
        self._said |= {key for key, _, _ in self._events(progress)}
        for moment, text in sorted(new, key=lambda event: event[0]):
            print(f"{max(moment - self._begin, 0):6.1f} s  {text}", file=self._out, flush=True)

    def leave(self) -> None:
        """What others print in between needs nothing here."""

    @staticmethod
    def _events(progress: Progress) -> Iterator[tuple[str, float, str]]:
        """(what it is, when, what to say)"""
        for state in progress.stages:
            key = f"{state.name} {state.entered}"
            yield key, state.entered, f"{state.name} entered"
            for work in work_in(progress, state) if state.kind == WORKING else []:
                command = f"{key} {work.router} {work.started}"
                yield command, work.started, f"{state.name} {work.router} running"
                if work.seconds is not None:
                    end = work.started + work.seconds
                    yield command + " end", end, f"{state.name} {work.router} {work.status} after {work.seconds:.1f} s"
            if state.ended is not None and state.kind == WORKING:
                yield key + " end", state.ended, f"{state.name} ended after {state.ended - state.entered:.1f} s"
        if progress.status != RUNNING:
            yield "end", max([time.time(), *(s.entered for s in progress.stages)]), f"execution {progress.status}"


class LiveView:
    """The whole execution in a few lines, drawn over its last drawing."""

    COLORS = {"running": "\033[33m", "done": "\033[32m"}

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._drawn = 0

    def __call__(self, progress: Progress) -> None:
        lines = []
        for state in progress.stages:
            seconds = (state.ended or time.time()) - state.entered
            mark = "…" if state.ended is None and state.kind in (WORKING, "Wait") else "·"
            lines.append(f" {mark} {state.name:<16} {seconds:6.1f} s")
            if state.kind == WORKING:
                lines += [self._router(work) for work in work_in(progress, state)]
        # what has scrolled away can't be drawn over: the newest lines must do
        lines = lines[-(shutil.get_terminal_size().lines - 1):]
        up = f"\033[{self._drawn}A" if self._drawn else ""
        self._out.write(up + "".join(f"\033[2K{line}\n" for line in lines))
        self._out.flush()
        self._drawn = len(lines)

    def leave(self) -> None:
        """Others have printed something: what stands there stays."""
        self._drawn = 0

    def _router(self, work: RouterWork) -> str:
        color = self.COLORS.get(work.status, "\033[31m")
        seconds = work.seconds if work.seconds is not None else time.time() - work.started
        return f"     {work.router:<16} {color}{work.status:<10}\033[0m {seconds:6.1f} s"

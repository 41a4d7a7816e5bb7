"""Kills a script at one of its commands, and runs it once more."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from .ends import router_end
from .world import World

KILLED = -9
SAMPLE_SECONDS = 0.05
MONITOR = b"[lxc monitor]"


@dataclass(frozen=True)
class Point:
    """Where a script is killed: at its N-th command, after it or so many seconds after its begin."""

    step: int
    when: str
    moment: float
    call: str


@dataclass(frozen=True)
class Case:
    """One kill: how it ended, and how long a working router was away."""

    point: Point
    away: float
    problem: str

    @property
    def is_good(self) -> bool:
        return not self.problem


def points(calls: list[str]) -> list[Point]:
    """Every command of a script that called these, while it runs and after it. What configures a router takes longer than
    others, and changes something in each of its parts."""
    found = []
    for line in calls:
        number, _, call = line.partition(" ")
        moments = (0.05, 0.15, 0.3, 0.5) if "sg vyattacfg" in call else (0.05,)
        found += [Point(int(number), "during", moment, call) for moment in moments]
        found.append(Point(int(number), "after", 0, call))
    return found


class Away:
    """How long no container named router ran: seen by its monitor among the world's processes."""

    def __init__(self, world: World) -> None:
        self.seconds = 0.0
        self._processes, self._proc = world.processes, world.proc
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Away:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        last = time.monotonic()
        while not self._ended.wait(SAMPLE_SECONDS):
            now = time.monotonic()
            if not any(self._is_monitor(entry) for entry in self._proc.glob("[0-9]*")):
                self.seconds += now - last
            last = now

    def _is_monitor(self, entry: Path) -> bool:
        try:
            words = (entry / "cmdline").read_bytes().rstrip(b"\0")
            return words.startswith(MONITOR) and words.endswith(b" router") and os.readlink(entry / "ns/pid") == self._processes
        except OSError:
            return False


def kill(world: World, script: str, point: Point, had_router: bool, end: str, refusal: str = "") -> Case | None:
    """None when the script ended before that point. The next run has to make the configuration `end`; it may refuse to do
    what the killed one has done already, with the words of `refusal`."""
    # Where a start is killed it shall be one that waits, as it may on a host.
    world.hurry(not point.call.startswith("lxc start"))
    with Away(world) as away:
        killed = world.run(script, point.step, point.when, point.moment)
        if killed.returncode != KILLED:
            problem = "" if killed.returncode == 0 else f"it failed without being killed: {killed.stderr[-300:]}"
            return Case(point, 0, problem) if problem else None
        world.settle()
    world.hurry(True)
    problem = _state_after_kill(world) if had_router else ""
    again = world.run(script)
    world.settle()
    if again.returncode != 0 and not (refusal and refusal in again.stderr):
        problem = problem or f"the next run failed: {again.stderr[-300:]}"
    problem = problem or router_end(world, end)
    return Case(point, away.seconds if had_router else 0, problem)


def _state_after_kill(world: World) -> str:
    found = world.containers().get("router")
    return "" if found == "RUNNING" else f"after the kill the router is {found or 'not there'}"

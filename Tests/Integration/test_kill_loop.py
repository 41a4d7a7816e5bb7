"""Every interruption is mended by the next run: scripts are killed as the agent kills them, over a real LXD.

KILL_LOOP=all kills at every command, while it runs and after it (most of an hour). Otherwise the scripts that replace a router
or configure it are killed at each command that changes LXD or the router, and the others at some, others in each run.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from killing import image, loop
from killing.ends import router_end
from killing.fixtures import Scripts, make_bare, make_router, prepare
from killing.world import World

Record = Callable[[str, object], None]
IS_WHOLE = os.environ.get("KILL_LOOP") == "all"
SEED = int(os.environ.get("KILL_LOOP_SEED") or random.randrange(10_000))
# What changes LXD or the router, and the loops in which all of it is tried always.
CHANGES = re.compile(r"lxd init|lxc (image (import|delete)|image alias (create|delete)|init|file push|config set|config device (add|set)|"
                     r"stop|start|rename|delete|exec router -- (sg|rm)) ")
THOROUGH = ("always router", "phase2 router", "rollback phase2 of an execution")
# How many of the points of the other loops are tried where not all are.
SOME = 1


@dataclass(frozen=True)
class Loop:
    """A script, what is there when it begins, and what has to be there in the end. A start that is no state of phase 1's is the
    script that has made it."""

    script: str
    start: str
    end: str = "base"
    # What the next run may say where the killed one had done everything.
    refusal: str = ""

    def chosen(self, points: list[loop.Point]) -> list[loop.Point]:
        if IS_WHOLE:
            return points
        if f"{self.script} {self.start}" in THOROUGH:
            return [point for point in points if CHANGES.match(f"{point.call} ")]
        return random.Random(f"{SEED} {self}").sample(points, SOME)

    def __str__(self) -> str:
        return f"{self.script}-{self.start}".replace(" ", "-")


LOOPS = [Loop("always", "router"), Loop("changed", "bare"), Loop("changed", "router"), Loop("always", "another image"),
         Loop("never", "router"), Loop("never", "bare"), Loop("phase2", "router", "configured"),
         Loop("phase2", "phase2", "configured"), Loop("phase2 confirmed", "router", "configured"),
         Loop("rollback", "phase2 of an execution"),
         Loop("rollback by hand", "phase2", refusal="phase 2 has changed nothing since the router was made, or since it was rolled back")]


@pytest.mark.parametrize("tried", LOOPS, ids=str)
def test_kill_loop(world: World, scripts: Scripts, record_property: Record, tried: Loop) -> None:
    script, had_router = scripts[tried.script], tried.start != "bare"
    # What it calls, from this start.
    prepare(world, scripts, tried.start)
    assert world.run(script).returncode == 0
    calls = world.calls()
    cases = []
    for point in tried.chosen(loop.points(calls)):
        prepare(world, scripts, tried.start)
        if case := loop.kill(world, script, point, had_router, tried.end, tried.refusal):
            cases.append(case)
            if not case.is_good:
                make_bare(world)
    longest = max((case.away for case in cases), default=0)
    record_property("kill loop", (tried.script, tried.start, len(calls), len(cases), sum(case.is_good for case in cases), f"{longest:.1f}"))
    bad = [case for case in cases if not case.is_good]
    assert cases and not bad, f"KILL_LOOP_SEED={SEED}: {bad}"


# ---- Everyday failures of a replacement, each of which leaves the old router at work


def wrong_architecture(world: World) -> None:
    image.build(world.image, architecture="aarch64", note="other")


def cut_short(world: World) -> None:
    image.build(world.image, note="cut")
    world.image.write_bytes(world.image.read_bytes()[:200_000])


def without_vyos(world: World) -> None:
    image.build(world.image, vyos=False)


def pool_full(world: World) -> None:
    image.build(world.image, note="full")
    world.do("dd if=/dev/zero of=/run/lxd/filler bs=1M count=1000 2>/dev/null; truncate -s -6M /run/lxd/filler", check=False)


def database_locked(world: World) -> None:
    (world.folder / "locked").write_text("rename router-new router")


def protected(world: World) -> None:
    world.do("lxc config set router security.protection.delete true")


def restarting(world: World) -> None:
    (world.folder / "restart").write_text("start router")


FAILURES = {"wrong-architecture": (wrong_architecture, "can't be made"), "cut-short": (cut_short, "LXD refused the image|can't be made"),
            "without-vyos": (without_vyos, "there is no VyOS in the image"), "pool-full": (pool_full, "out of disk space|o space left"),
            "database-locked": (database_locked, "database is locked"),
            "protected": (protected, "protected"), "restarting": (restarting, "")}


@pytest.mark.parametrize("failure", FAILURES)
def test_an_everyday_failure_leaves_the_old_router_at_work(world: World, scripts: Scripts, failure: str) -> None:
    image.build(world.image)
    make_router(world, scripts)
    before = world.do("lxc config get router volatile.uuid")
    happens, reason = FAILURES[failure]
    happens(world)
    try:
        done = world.run(scripts["always"])
        world.settle()
        assert done.returncode == 1 and re.search(reason, done.stderr), (done.stdout, done.stderr)
        assert world.containers()["router"] == "RUNNING" and world.do("lxc config get router volatile.uuid") == before
        assert world.do("lxc config get router boot.autostart").strip() == "true"
    finally:
        for name in ("locked", "restart"):
            (world.folder / name).unlink(missing_ok=True)
        world.do("rm -f /run/lxd/filler; lxc config set router security.protection.delete false", check=False)
    # And when it is mended, the next run replaces the router.
    image.build(world.image)
    done = world.run(scripts["always"])
    assert done.returncode == 0, done.stderr
    assert not router_end(world, "base") and world.do("lxc config get router volatile.uuid") != before


def test_a_card_that_comes_back_under_another_name_is_found(world: World, scripts: Scripts) -> None:
    image.build(world.image)
    make_router(world, scripts)
    (world.folder / "rename").write_text("ens7 enp40s0")
    done = world.run(scripts["always"])
    assert done.returncode == 0 and not router_end(world, "base"), done.stderr
    assert world.do("lxc config device get router eth1 parent").strip() == "enp40s0"
    world.do("lxc stop router --force; ip link set enp40s0 down name ens7")
    # The router that is as wanted finds its card again, too.
    done = world.run(scripts["changed"])
    assert done.returncode == 0 and not router_end(world, "base"), done.stderr


# What somebody else has on the host, as a text that shows every change of it.
OTHERS = ("lxc storage show other; lxc profile show default; lxc profile show other; lxc config show other; "
          "lxc list --format csv -c ns ^other")


def test_what_phase_1_did_not_make_stays_as_it_is(world: World, scripts: Scripts) -> None:
    image.build(world.image)
    make_bare(world)
    image.build(world.folder / "other.tar.gz", note="somebody else's")
    world.do("lxc storage create other dir; lxc profile create other; lxc profile device add default root disk path=/ pool=other; "
             f"lxc image import {world.folder}/other.tar.gz --alias vyos; lxc init vyos other -c security.privileged=true; lxc start other")
    before = world.do(OTHERS)
    try:
        for mode in ("changed", "always"):
            done = world.run(scripts[mode])
            assert done.returncode == 0, done.stderr
            assert world.do(OTHERS) == before
        # The image that had the alias is still there, for its container's owner.
        assert len(world.do("lxc image list --format csv -c F").split()) == 2
        assert world.containers() == {"other": "RUNNING", "router": "RUNNING"}
    finally:
        world.do("lxc delete --force other; lxc profile device remove default root; lxc profile delete other; lxc storage delete other",
                 check=False)
        make_bare(world)


def test_a_first_router_that_does_not_start_is_no_obstacle(world: World, scripts: Scripts) -> None:
    image.build(world.image, init=False)
    make_bare(world)
    done = world.run(scripts["changed"])
    assert done.returncode == 1 and "does not start" in done.stderr, done.stderr
    assert not world.do("ls /var/tmp/sdwan-image.* 2>/dev/null", check=False)
    image.build(world.image)
    done = world.run(scripts["changed"])
    assert done.returncode == 0 and not router_end(world, "base"), done.stderr

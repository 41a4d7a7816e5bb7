"""Every interruption is mended by the next run: scripts are killed as the agent kills them, over a real LXD.

KILL_LOOP=all kills at every command, while it runs and after it (half an hour); otherwise some of them are tried, others in
each run.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator

import pytest
from harness import Lab, unpack
from killing import image, loop
from killing.world import NoWorld, World, obstacle
from network import ROUTERS, populate

Record = Callable[[str, object], None]
OBSTACLE = obstacle()
pytestmark = pytest.mark.skipif(OBSTACLE is not None, reason=f"SKIPPED: NO REAL LXD HERE: {OBSTACLE}")
IS_WHOLE = os.environ.get("KILL_LOOP") == "all"
SEED = int(os.environ.get("KILL_LOOP_SEED") or random.randrange(10_000))
ROUTER = ROUTERS["nv-sdwan"]
MOST_STEPS = 100
# How many of a script's steps are tried where not all are.
SOME = 1


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """As the functions send them."""
    folder = tmp_path_factory.mktemp("scripts")
    lab = Lab({phase: unpack(phase, folder) for phase in ("phase1", "phase2")}, folder / "lab")
    populate(lab.ssm, ROUTERS)

    def script(phase: str, **event: str) -> str:
        lab.start(phase, SSM_TIMEOUT="600").invoke({"instances": [ROUTER.name], **event})
        return lab.ssm.commands_for(ROUTER.instance_id)[-1].script

    try:
        return {**{mode: script("phase1", recreate=mode) for mode in ("always", "changed", "never")}, "phase2": script("phase2")}
    finally:
        lab.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    try:
        world = World(tmp_path_factory.mktemp("world"))
    except NoWorld as reason:
        pytest.skip(f"SKIPPED: NO REAL LXD HERE: {reason}")
    try:
        image.build(world.image)
        yield world
    finally:
        world.stop()


def make_bare(world: World) -> None:
    world.do("lxc list --format csv -c n | xargs -r -n 1 lxc delete --force; "
             "lxc image list --format csv -c F | xargs -r -n 1 lxc image delete")


def make_router(world: World, scripts: dict[str, str]) -> None:
    """The router that phase 1 makes, in a good state."""
    done = world.run(scripts["changed"])
    assert done.returncode == 0, done.stderr
    assert not loop.end_state(world)


LOOPS = [("always", "router"), ("changed", "bare"), ("changed", "router"), ("changed", "another image"), ("never", "router"),
         ("never", "bare"), ("phase2", "router")]


@pytest.mark.parametrize("name, start", LOOPS, ids=lambda value: value.replace(" ", "-"))
def test_kill_loop(world: World, scripts: dict[str, str], record_property: Record, name: str, start: str) -> None:
    chosen = random.Random(f"{SEED} {name} {start}")
    make_router(world, scripts)
    # How many steps it has, from this start.
    prepare(world, start)
    assert world.run(scripts[name]).returncode == 0
    steps = [(step, when) for step in range(1, min(len(world.calls()), MOST_STEPS) + 1) for when in ("during", "after")]
    cases = []
    for step, when in steps if IS_WHOLE else sorted(chosen.sample(steps, min(SOME, len(steps)))):
        prepare(world, start)
        if case := loop.kill(world, name, scripts[name], start, step, when):
            cases.append(case)
            if not case.is_good:
                make_bare(world)
                make_router(world, scripts)
    longest = max((case.away for case in cases), default=0)
    record_property("kill loop", (name, start, len(steps) // 2, len(cases), sum(case.is_good for case in cases), f"{longest:.1f}"))
    bad = [case for case in cases if not case.is_good]
    assert cases and not bad, f"KILL_LOOP_SEED={SEED}: {bad}"


def prepare(world: World, start: str) -> None:
    if start == "bare":
        make_bare(world)
    elif start == "another image":
        image.build(world.image, note=str(random.random()))


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
def test_an_everyday_failure_leaves_the_old_router_at_work(world: World, scripts: dict[str, str], failure: str) -> None:
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
    assert not loop.end_state(world) and world.do("lxc config get router volatile.uuid") != before


def test_a_card_that_comes_back_under_another_name_is_found(world: World, scripts: dict[str, str]) -> None:
    image.build(world.image)
    make_router(world, scripts)
    (world.folder / "rename").write_text("ens7 enp40s0")
    done = world.run(scripts["always"])
    assert done.returncode == 0 and not loop.end_state(world), done.stderr
    assert world.do("lxc config device get router eth1 parent").strip() == "enp40s0"
    world.do("lxc stop router --force; ip link set enp40s0 down name ens7")
    # The router that is as wanted finds its card again, too.
    done = world.run(scripts["changed"])
    assert done.returncode == 0 and not loop.end_state(world), done.stderr


# What somebody else has on the host, as a text that shows every change of it.
OTHERS = ("lxc storage show other; lxc profile show default; lxc profile show other; lxc config show other; "
          "lxc list --format csv -c ns ^other")


def test_what_phase_1_did_not_make_stays_as_it_is(world: World, scripts: dict[str, str]) -> None:
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


def test_a_first_router_that_does_not_start_is_no_obstacle(world: World, scripts: dict[str, str]) -> None:
    image.build(world.image, init=False)
    make_bare(world)
    done = world.run(scripts["changed"])
    assert done.returncode == 1 and "does not start" in done.stderr, done.stderr
    assert not world.do("ls /var/tmp/sdwan-image.* 2>/dev/null", check=False)
    image.build(world.image)
    done = world.run(scripts["changed"])
    assert done.returncode == 0 and not loop.end_state(world), done.stderr

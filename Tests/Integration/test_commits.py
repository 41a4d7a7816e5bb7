"""Two commits never overlap in a router, whoever sent them and whatever became of the first: over a real LXD.

The router writes down when each of its commits begins and ends. It may be one whose VyOS does not look whether another commit
is at work: then only our own locks hold them apart.
"""

from __future__ import annotations

import os
import signal
import time

import pytest
from killing.ends import commits_overlap, router_end
from killing.fixtures import Scripts, make_router
from killing.world import PATIENCE, World

LOCK = "/run/sdwan.lock"
# Seconds that a commit takes: more than the next script takes to start and then waits for an earlier one to end by itself.
LONG = 10


def slow_router(world: World, scripts: Scripts, is_locked: bool) -> None:
    make_router(world, scripts)
    end(world)
    world.inside(f"rm -f /config/commits; echo {LONG} >/config/commit-seconds{'' if is_locked else '; touch /config/unlocked'}")


def wait_for(world: World, verb: str, number: int = 1) -> None:
    """Until so many commits have begun, or ended."""
    until = time.monotonic() + PATIENCE
    while world.inside(f"grep -c {verb} /config/commits || true").strip() != str(number):
        assert time.monotonic() < until, f"no commit has come to its {verb}"
        time.sleep(0.1)


def commits(world: World) -> int:
    return int(world.inside("grep -c begin /config/commits"))


def end(world: World) -> None:
    world.inside("rm -f /config/unlocked /config/commit-seconds")


@pytest.mark.parametrize("is_locked", [True, False], ids=["vyos-looks", "vyos-does-not-look"])
def test_a_run_that_is_killed_in_its_commit_and_the_next(world: World, scripts: Scripts, is_locked: bool) -> None:
    slow_router(world, scripts, is_locked)
    killed = world.begin(scripts["phase2"], "killed")
    wait_for(world, "begin")
    # As the agent does.
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    # It goes back to the configuration before: a commit of its own, which must not begin before the other one has ended.
    following = world.begin(scripts["rollback by hand"], "next")
    assert following.wait(PATIENCE) == 0, world.said("next")
    assert commits(world) == 2 and not commits_overlap(world)
    end(world)
    assert not router_end(world, "base")


def test_a_run_that_is_killed_in_its_commit_and_the_same_again(world: World, scripts: Scripts) -> None:
    slow_router(world, scripts, is_locked=True)
    killed = world.begin(scripts["phase2"], "killed")
    wait_for(world, "begin")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    following = world.begin(scripts["phase2"], "next")
    assert following.wait(PATIENCE) == 0, world.said("next")
    # The killed one had done it all: the next one sees that, and keeps it.
    assert "sdwan: configuration unchanged" in world.said("next") and commits(world) == 1 and not commits_overlap(world)
    end(world)
    assert not router_end(world, "configured")


def test_two_runs_at_once(world: World, scripts: Scripts) -> None:
    slow_router(world, scripts, is_locked=False)
    runs = [world.begin(scripts["phase2"], name) for name in ("first", "second")]
    assert [run.wait(PATIENCE) for run in runs] == [0, 0], [world.said(name) for name in ("first", "second")]
    assert commits(world) == 1 and not commits_overlap(world)
    end(world)
    assert not router_end(world, "configured")


def test_two_runs_at_once_without_the_hosts_lock(world: World, scripts: Scripts) -> None:
    """As where somebody has removed the lock's file: what is in the router holds them apart."""
    slow_router(world, scripts, is_locked=False)
    first = world.begin(scripts["phase2"], "first")
    wait_for(world, "begin")
    second = world.begin(scripts["phase2"].replace(LOCK, f"{LOCK}.other"), "second")
    assert second.wait(PATIENCE) == 0, world.said("second")
    first.wait(PATIENCE)
    assert not commits_overlap(world)
    end(world)
    assert not router_end(world, "configured")


def test_what_is_recorded_shows_an_overlap(world: World, scripts: Scripts) -> None:
    """The tests above can fail: two commits of a router that nobody holds apart are seen."""
    slow_router(world, scripts, is_locked=False)
    commit = ('"SESSION=/run/session/{0}; export SESSION; mkdir -p $SESSION; /opt/vyatta/sbin/my_discard; '
              '/opt/vyatta/sbin/my_set system host-name h{0}; /opt/vyatta/sbin/my_commit"')
    world.do("; ".join(f"lxc exec router -- bash -c {commit.format(number)} &" for number in (1, 2)).replace("&;", "&") + " wait")
    assert "began while" in commits_overlap(world)
    end(world)

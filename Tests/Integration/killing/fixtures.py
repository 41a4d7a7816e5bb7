"""A host with a real LXD, what the functions send it, and the states that a test begins with."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from harness import Lab, unpack
from network import ROUTERS, populate

from . import image
from .ends import router_end
from .world import NoWorld, World, obstacle

ROUTER = ROUTERS["nv-sdwan"]
# Its tunnel, as the router shows it.
TUNNEL = f"peer-{ROUTERS[ROUTER.peer].eip}-tunnel-vti  up  1s  0B/0B  0/0  {ROUTERS[ROUTER.peer].eip}  id  AES"
EXECUTION = {"execution": "arn:aws:states:us-east-1:123456789012:execution:sdwan:one", "retry_count": 0}
EVENTS: dict[str, tuple[str, dict[str, object]]] = {
    **{mode: ("phase1", {"recreate": mode}) for mode in ("always", "changed", "never")},
    "phase2": ("phase2", {}),
    "phase2 of an execution": ("phase2", EXECUTION),
    "phase2 confirmed": ("phase2", {"confirm": True}),
    "rollback": ("phase2", {"mode": "rollback", **EXECUTION}),
    "rollback by hand": ("phase2", {"mode": "rollback"}),
}
Scripts = dict[str, str]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """As the functions send them."""
    folder = tmp_path_factory.mktemp("scripts")
    lab = Lab({phase: unpack(phase, folder) for phase in ("phase1", "phase2")}, folder / "lab")
    populate(lab.ssm, ROUTERS)

    def script(phase: str, event: dict[str, object]) -> str:
        lab.start(phase, SSM_TIMEOUT="600").invoke({"instances": [ROUTER.name], **event})
        return lab.ssm.commands_for(ROUTER.instance_id)[-1].script

    try:
        return {name: script(phase, event) for name, (phase, event) in EVENTS.items()}
    finally:
        lab.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    reason = obstacle()
    if reason is None:
        try:
            made = World(tmp_path_factory.mktemp("world"))
        except NoWorld as error:
            reason = str(error)
    if reason is not None:
        pytest.skip(f"SKIPPED: NO REAL LXD HERE: {reason}")
    try:
        made.hurry(True)
        image.build(made.image)
        yield made
    finally:
        made.stop()


def make_bare(world: World) -> None:
    world.do("lxc list --format csv -c n | xargs -r -n 1 lxc delete --force; "
             "lxc image list --format csv -c F | xargs -r -n 1 lxc image delete")


def make_router(world: World, scripts: Scripts) -> None:
    """The router that phase 1 makes, with its tunnel up as soon as it has one. It is as phase 1 has left it."""
    done = world.run(scripts["changed"])
    assert done.returncode == 0, done.stderr
    world.inside(f"""set -e
        rm -f /config/sdwan-* /run/sdwan-unconfirmed*
        if [ -d /config/base ]; then cp /config/base/* /config/; fi
        mkdir -p /config/base
        cp /config/running /config/config.boot /config/base/
        echo "{TUNNEL}" >/config/sa""")
    assert not router_end(world, "base")


def prepare(world: World, scripts: Scripts, start: str) -> None:
    """The state that a loop's scripts begin with."""
    if start == "bare":
        make_bare(world)
        return
    make_router(world, scripts)
    if start == "another image":
        image.build(world.image, note=str(random.random()))
    elif start != "router":
        done = world.run(scripts[start])
        assert done.returncode == 0, done.stderr

"""A checkout that was moved or copied builds, and one that was not keeps what it has built."""

import shutil
import subprocess
from pathlib import Path

import pytest

COMMON = Path(__file__).resolve().parents[2] / "lib/common.sh"
CACHE = "x86_64-unknown-linux-gnu/debug/ModuleCache/2WTEZSG1WEKQP"
BUILDS = (".build", "cli/.build", "examples/worker/.build", ".local/sanitize-thread", ".local/fuzz/build")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which something was built."""
    here = tmp_path / "first"
    (here / "scripts/lib").mkdir(parents=True)
    shutil.copy(COMMON, here / "scripts/lib")
    assert forget(here) == 0
    for build in BUILDS:
        (here / build / CACHE).mkdir(parents=True)
        # Not every module names its place.
        (here / build / CACHE / "SwiftShims-2WTEZSG1WEKQP.pcm").write_bytes(b"CPCH")
    return here


def forget(checkout: Path) -> int:
    """How many builds were forgotten."""
    commands = '. "$0/scripts/lib/common.sh"; forget_moved_builds'
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands, checkout], check=True, capture_output=True, text=True)
    return done.stderr.count("was built in another place")


def test_what_was_built_here_stays(checkout: Path) -> None:
    assert forget(checkout) == 0
    assert all((checkout / build / CACHE).exists() for build in BUILDS)


def test_what_was_built_here_stays_where_a_link_leads_here(checkout: Path) -> None:
    """As a package beside the checkout, or one of its tests, may reach it: another step may be using the builds."""
    link = checkout.parent / "link"
    link.symlink_to(checkout)
    assert forget(link) == 0
    assert forget(checkout) == 0
    assert all((checkout / build / CACHE).exists() for build in BUILDS)


@pytest.mark.parametrize("way", [shutil.move, shutil.copytree])
def test_what_was_built_elsewhere_is_forgotten(checkout: Path, way: object) -> None:
    assert callable(way)
    here = checkout.parent / "second"
    way(str(checkout), str(here))
    assert forget(here) == len(BUILDS)
    assert not any((here / build).exists() for build in BUILDS)
    for build in BUILDS:
        (here / build / CACHE).mkdir(parents=True)
    assert forget(here) == 0

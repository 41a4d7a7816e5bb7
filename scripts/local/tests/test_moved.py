"""A checkout that was moved or copied builds."""

import shutil
import subprocess
from pathlib import Path

COMMON = Path(__file__).resolve().parents[2] / "lib/common.sh"
CACHE = "x86_64-unknown-linux-gnu/debug/ModuleCache/2WTEZSG1WEKQP/SwiftShims-2WTEZSG1WEKQP.pcm"


def module(build: Path, place: Path) -> None:
    """A module that was compiled in a checkout at a place."""
    file = build / CACHE
    file.parent.mkdir(parents=True)
    file.write_bytes(b"CPCH\0" + f"{place}/.build".encode() + b"\0\xff")


def test_what_was_built_elsewhere_is_forgotten(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    (here / "scripts/lib").mkdir(parents=True)
    shutil.copy(COMMON, here / "scripts/lib")
    moved = [here / name for name in (".build", "examples/worker/.build", ".local/sanitize-thread", ".local/fuzz/build")]
    for build in moved:
        module(build, elsewhere)
    module(here / "cli/.build", here)
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", ". scripts/lib/common.sh; forget_moved_builds"], cwd=here, check=True,
                          capture_output=True, text=True)
    assert not any(build.exists() for build in moved) and (here / "cli/.build" / CACHE).exists()
    assert done.stderr.count("was built in another place") == len(moved)

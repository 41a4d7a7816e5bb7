"""The deployment packages."""

from __future__ import annotations

import os
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest
from harness import ROOT, zip_path

ZIPTOOL = Path(os.environ.get("SDWAN_ZIPTOOL") or ROOT / ".build" / "release" / "ziptool")
PHASES = ["phase1", "phase2", "phase3"]


@pytest.mark.parametrize("phase", PHASES)
def test_bootstrap_at_the_root_readable_and_executable_by_all(phase: str) -> None:
    with zipfile.ZipFile(zip_path(phase)) as archive:
        assert archive.testzip() is None
        [entry] = archive.infolist()
        assert entry.filename == "bootstrap" and entry.create_system == 3
        assert stat.S_ISREG(entry.external_attr >> 16) and stat.S_IMODE(entry.external_attr >> 16) == 0o755
        assert archive.read(entry)[:4] == b"\x7fELF"


def test_the_phases_bear_the_same_fixed_timestamp() -> None:
    stamps = set()
    for phase in PHASES:
        with zipfile.ZipFile(zip_path(phase)) as archive:
            stamps.add(archive.infolist()[0].date_time)
    assert len(stamps) == 1 and stamps.pop()[0] == 1980


@pytest.mark.parametrize("phase", PHASES)
def test_info_zip_agrees(phase: str, tmp_path: Path) -> None:
    subprocess.run(["unzip", "-q", zip_path(phase), "-d", tmp_path], check=True, timeout=60)
    assert stat.S_IMODE((tmp_path / "bootstrap").stat().st_mode) == 0o755


def test_the_same_bootstrap_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever its age and mode on disk: the package is made anew and compared with the one that is there."""
    assert ZIPTOOL.is_file(), f"{ZIPTOOL} is missing: run scripts/package, or set SDWAN_ZIPTOOL"
    with zipfile.ZipFile(zip_path("phase1")) as archive:
        archive.extract("bootstrap", tmp_path)
    (tmp_path / "bootstrap").chmod(0o600)
    os.utime(tmp_path / "bootstrap", (10**9, 10**9))
    subprocess.run([ZIPTOOL, tmp_path / "again.zip", tmp_path / "bootstrap"], check=True, timeout=60)
    assert (tmp_path / "again.zip").read_bytes() == zip_path("phase1").read_bytes()

"""The deployment packages."""

from __future__ import annotations

import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from harness import ROOT, zip_path

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
    assert ROOT.is_dir()

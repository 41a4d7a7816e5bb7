"""The tool depends on the project by a path: in a clone whose folder has another name, too."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from labs import REPO, SDWAN, run

LEFT_OUT = shutil.ignore_patterns(".build", ".local", ".git", "dist", "__pycache__")


def test_a_clone_of_another_name(tmp_path: Path) -> None:
    clone = tmp_path / "somebody's clone"
    clone.mkdir()
    for name in ("Package.swift", "Sources", "Tests", "cli"):
        source = REPO / name
        if source.is_dir():
            shutil.copytree(source, clone / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, clone / name)
    # The other package, as it was fetched for this clone.
    ended = subprocess.run(["swift", "package", "--package-path", clone / "cli", "show-dependencies", "--format", "json"],
                           capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0 and '"sdwan-lambda"' in ended.stdout, ended.stderr[-3000:]


def test_what_the_shells_complete(tmp_path: Path) -> None:
    for shell in ("bash", "zsh", "fish"):
        script = run("completion", shell).stdout
        assert "rotate-psk" in script and "man-page" not in script
        if checker := shutil.which(shell):
            file = tmp_path / shell
            file.write_text(script)
            subprocess.run([checker, "-n", file], check=True)


def test_the_manuals_page() -> None:
    page = run("man-page").stdout
    assert page.startswith(".TH SDWAN 1\n") and "sdwan rotate\\-psk" in page


def test_the_program_needs_glibc_only() -> None:
    """The one that scripts/package makes; a developer's build has what the system has."""
    if ".build" in SDWAN.parts:
        pytest.skip("scripts/package sdwan makes the program that this is about; SDWAN_TOOL names it")
    told = subprocess.run(["readelf", "--dynamic", SDWAN], check=True, capture_output=True, text=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", told))
    assert "libc.so.6" in needed and needed <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}, needed
    assert SDWAN.with_name("sdwan.1").read_text() == run("man-page").stdout

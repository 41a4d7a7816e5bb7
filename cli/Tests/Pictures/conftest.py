"""The tool and the browser that the pictures are tested with."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .browser import Browser

Made = Callable[..., str]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return Browser(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="session")
def sdwan() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """The tool that SDWAN_TOOL names, without an account."""
    program = os.environ["SDWAN_TOOL"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
    return lambda *words: subprocess.run([program, *words], capture_output=True, text=True, env=environment, timeout=60, check=False)


@pytest.fixture
def report(sdwan: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path) -> Made:
    """Makes the HTML of a report."""
    def make(report: dict[str, Any], topology: dict[str, Any] | None = None, *more: str) -> str:
        (tmp_path / "report.json").write_text(json.dumps(report))
        words = ["report", "--from", str(tmp_path / "report.json"), "--html", str(tmp_path / "report.html"), *more]
        if topology is not None:
            (tmp_path / "topology.json").write_text(json.dumps({"topology": topology}))
            words += ["--topology", str(tmp_path / "topology.json")]
        done = sdwan(*words)
        assert done.returncode == 0 and done.stdout == f"report: {tmp_path / 'report.html'}\n", done
        return (tmp_path / "report.html").read_text()

    return make


@pytest.fixture
def graph(sdwan: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path) -> Made:
    """Makes a picture of a topology."""
    def make(topology: dict[str, Any], *more: str) -> str:
        (tmp_path / "topology.json").write_text(json.dumps({"topology": topology}))
        done = sdwan("graph", "--topology", str(tmp_path / "topology.json"), *more)
        assert done.returncode == 0, done
        return done.stdout

    return make

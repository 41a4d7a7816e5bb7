"""What is wrong with run-local's options is said before anything is built."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local import check
from local.cli import parser
from local.network_file import FOUR_ROUTERS, Unusable

SCRIPTS = Path(__file__).resolve().parents[2]


def complaint(*arguments: str) -> str:
    with pytest.raises(Unusable) as refused:
        check.checked(parser().parse_args(arguments))
    return str(refused.value)


def topology(folder: Path, change: Any) -> str:
    variables = json.loads(FOUR_ROUTERS.read_text())
    changed = change(variables)
    (folder / "network.json").write_text(json.dumps(changed if isinstance(changed, (dict, list)) else variables))
    return str(folder / "network.json")


def test_what_is_right_is_accepted(tmp_path: Path) -> None:
    for words in ([], ["--report", str(tmp_path / "report.json"), "--footprint", str(tmp_path / "footprint.json")],
                  ["--fault", "nat-gone", "--fault-router", "nv-sdwan"], ["--topology", str(FOUR_ROUTERS)]):
        assert check.checked(parser().parse_args(words)).topology["routers"]


def test_reports_that_cant_be_written(tmp_path: Path) -> None:
    for option in ("--report", "--footprint"):
        assert "there is no folder" in complaint(option, str(tmp_path / "none/report.json"))
        assert "is a folder" in complaint(option, str(tmp_path))


@pytest.mark.parametrize("text, words", [("{", "no JSON"), ("[]", "no JSON object"), ("7", "no JSON object")])
def test_inputs_that_are_none(text: str, words: str) -> None:
    assert words in complaint("--input", text)


@pytest.mark.parametrize("change, words", [
    (lambda v: {"topology": {}}, "no `routers`"), (lambda v: {"topology": []}, "no `routers`"), (lambda v: [], "it must have `topology`"),
    (lambda v: v["topology"]["routers"]["nv-sdwan"].update(role="hub"), "router nv-sdwan: its role"),
    (lambda v: v["topology"]["routers"]["nv-sdwan"].pop("region"), "router nv-sdwan: it needs a `region`"),
    (lambda v: v["topology"].update(tunnels={}), "`tunnels` is no list"),
    (lambda v: v["topology"]["tunnels"][0].update(ends=[]), "it needs two `ends`"),
    (lambda v: v["topology"]["tunnels"][0]["ends"][0].update(router="nv-sdwam"), "there is no router nv-sdwam"),
])
def test_topologies_that_are_none(tmp_path: Path, change: Any, words: str) -> None:
    assert words in complaint("--topology", topology(tmp_path, change))


def test_faults_that_cant_happen() -> None:
    assert "fra-sdwam is none of fra-branch1, fra-sdwan" in complaint("--fault", "psk-mismatch", "--fault-router", "fra-sdwam")
    assert "no --fault" in complaint("--fault-router", "fra-sdwan")
    assert "needs real routers" in complaint("--fault", "nat-gone", "--routers", "simulated")
    assert "hosts on paper know" in complaint("--fault", "nat-gone", "--real-time")


@pytest.mark.parametrize("program", [["run-local"], ["lab", "up"]])
def test_nothing_is_installed_or_built_before(tmp_path: Path, program: list[str]) -> None:
    """A machine without Terraform, Swift and bubblewrap says what is wrong with the options, and not what is missing."""
    for name in ("bash", "env", "dirname", "python3", "dpkg-query", "grep", "cat"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else f"/bin/{name}")
    argv = [str(SCRIPTS / program[0]), *program[1:], "--topology", "/nonexistent/network.json"]
    done = subprocess.run(argv, capture_output=True, text=True, env={"PATH": str(tmp_path), "HOME": os.environ["HOME"]}, check=False)
    assert done.returncode == 2 and done.stderr.startswith("run-local: error: --topology /nonexistent/network.json:"), done
    assert done.stdout == ""

"""plan.sh tells some of a plan's lines and how many there are: a new hub's are more than a command's output holds."""

import subprocess
from pathlib import Path

import pytest

from local.network_file import REPO

TEMPLATES = REPO / "Sources/SDWAN/Templates"
# What stands in front of plan.sh on a host, as far as it needs it.
STUBS = """\
set -euo pipefail
work=$1 FIRST_LINE=$2 MOST_LINES=2 LONGEST_PRINTED=10000 container=running
say() { echo "sdwan: $*"; }
look_for_container() { :; }
read_keys() { :; }
fill_in() { "$1"; }
plan_script() { :; }
configure_router() { cat "$work/plan"; }
run() { main; }
"""


def answers(folder: Path, plan: str, first: int) -> dict[str, str]:
    (folder / "plan").write_text(plan)
    script = STUBS + "".join((TEMPLATES / name).read_text() for name in ("answers.sh", "plan.sh"))
    out = subprocess.run(["bash", "-c", script, "plan", str(folder), str(first)], capture_output=True, text=True, check=True).stdout
    marked = out.split("=====[ ")
    return {begin.partition(" ]")[0]: begin.partition("]=====\n")[2].rstrip("\n") for begin in marked[1::2]}


@pytest.mark.parametrize("first, told", [(1, ["plan + a", "plan + b"]), (3, ["plan = c"]), (5, [])])
def test_a_slice_of_the_plan(tmp_path: Path, first: int, told: list[str]) -> None:
    found = answers(tmp_path, "sdwan: this is no line of it\nplan + a\nplan + b\nplan = c\n", first)
    assert found["plan-lines"].strip() == "3"
    assert found["plan"].splitlines() == ["sdwan: this is no line of it", *told]


def test_a_plan_without_lines(tmp_path: Path) -> None:
    found = answers(tmp_path, "", 1)
    assert found["plan-lines"].strip() == "0" and found["plan"] == ""

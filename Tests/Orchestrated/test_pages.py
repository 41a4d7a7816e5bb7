"""What the pages tell people to type is understood: the tool knows every command, and Terraform's root every variable."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from test_tool import SDWAN

# Language and text; what is typed is of none.
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [ROOT / f"docs/{name}.md" for name in ("upgrade", "orchestration")]


def blocks(page: Path) -> list[str]:
    return [text for language, text in BLOCK.findall(page.read_text()) if not language]


def commands(page: Path) -> list[str]:
    """Those of the tool, without comments and redirections."""
    lines = [line.split(" #")[0] for block in blocks(page) for line in block.splitlines()]
    found = [re.sub(r"\s*<.*", "", part).strip() for line in lines for part in line.split(";")]
    return [command for command in found if command.startswith("sdwan ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_tool_knows_every_command(page: Path, tmp_path: Path) -> None:
    known = commands(page)
    assert len(known) >= 4
    # There is nobody: what is understood ends as unreachable, what asks says that nobody can be asked.
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1",
                   "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"}
    package = tmp_path / "dist/upgrade.zip"
    package.parent.mkdir()
    package.write_bytes(b"PK")
    for command in known:
        words = shlex.split(command)[1:]
        ended = subprocess.run([SDWAN, *words], env=environment, cwd=tmp_path, input="{}", capture_output=True, text=True, timeout=60)
        assert ended.returncode == 5 or "nobody can be asked" in ended.stderr, f"{command}: {ended.stderr}"


def test_the_tool_knows_no_other(tmp_path: Path) -> None:
    """The test above can fail."""
    ended = subprocess.run([SDWAN, "upgrade", "begin", "1.33"], env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, capture_output=True,
                           text=True, timeout=60)
    assert ended.returncode == 2 and "nobody can be asked" not in ended.stderr


def test_terraform_knows_every_variable() -> None:
    block = next(block for block in blocks(PAGES[0]) if "terraform.tfvars" in block)
    values = block.split("<<'END'\n")[1].split("\nEND")[0]
    variables = set(re.findall(r'^variable "(\w+)"', (ROOT / "terraform/upgrade/variables.tf").read_text(), re.MULTILINE))
    given = set(re.findall(r"^(\w+)\s*=", values, re.MULTILINE))
    assert given and given <= variables

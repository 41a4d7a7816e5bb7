"""Reads docs/operations.md: its commands, and what its invisible remarks say of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from labs import REPO

PAGE = REPO / "docs/operations.md"
REMARK = re.compile(r"<!-- (before|ends with):? (.*) -->")


@dataclass
class Block:
    """A block of commands."""

    title: str
    commands: list[str] = field(default_factory=list)
    # What is done to the lab first, e.g. `break mtu nv-branch1`.
    before: list[str] = field(default_factory=list)
    # The commands' exit statuses.
    ends: list[int] = field(default_factory=list)


def blocks() -> list[Block]:
    found, title, before, ends, block = [], "", [], [], None
    for line in PAGE.read_text().splitlines():
        if block is not None:
            if line == "```":
                block.ends = block.ends or [0] * len(block.commands)
                found.append(block)
                before, ends, block = [], [], None
            else:
                block.commands.append(line)
        elif line == "```sh":
            block = Block(title, before=before, ends=ends)
        elif line.startswith("#"):
            title = line.lstrip("# ")
        elif remark := REMARK.fullmatch(line):
            if remark[1] == "before":
                before.append(remark[2])
            else:
                ends = [int(status) for status in remark[2].split(", ")]
    return found

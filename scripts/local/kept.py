"""The run that is left running (--keep): where another program finds it."""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Optional

# Who wants several at once names another one for each.
NAME = "SDWAN_LAB"
FILE = Path(os.environ.get(NAME) or Path(__file__).resolve().parents[2] / ".local/lab.json").absolute()


@dataclass(frozen=True)
class Kept:
    """What one needs to use it."""

    process: int
    folder: str
    environment: dict[str, str]
    machine: str
    routers: dict[str, Any]
    vyos_version: str
    kind: str
    topology: dict[str, Any]
    # Where a browser shows it; a key is part of it.
    page: str = ""

    def write(self) -> None:
        draft = FILE.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(self), indent=1))
        draft.replace(FILE)

    def with_page(self, address: str) -> "Kept":
        return replace(self, page=address)

    @classmethod
    def read(cls) -> Optional["Kept"]:
        """The run, if it still runs."""
        if not FILE.exists():
            return None
        kept = cls(**json.loads(FILE.read_text()))
        if not _works_in(kept.process):
            FILE.unlink()
            return None
        return kept

    @classmethod
    def forget(cls) -> None:
        """This process is about to end."""
        if FILE.exists() and json.loads(FILE.read_text())["process"] == os.getpid():
            FILE.unlink()


def _works_in(process: int) -> bool:
    """Whether a process is a local run and not another one that got its number."""
    try:
        return b"local" in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False

"""What was asked in the roles' names, by what it was allowed, what was refused, and what broke a service's model."""

import json
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ..fleet.instances import write_atomically
from .roles import Role

FILE = "access.json"
# Counts may be that old in the file; what is new is there at once.
STALE_SECONDS = 0.5


class Grant(NamedTuple):
    """One action on one resource, as a policy's statement allows it: both may be patterns."""

    role: str
    action: str
    resource: str


class Use(NamedTuple):
    """What a role has done, and every grant that allows it."""

    role: str
    action: str
    grants: frozenset[Grant]


def grants_of(role: Role) -> set[Grant]:
    return {Grant(role.name, action, resource) for policy in role.policies for statement in listed(policy["Statement"])
            if statement["Effect"] == "Allow"
            for action in listed(statement["Action"]) for resource in listed(statement["Resource"])}


def listed(value: Any) -> list[Any]:
    """A policy has one thing or a list of things."""
    return value if isinstance(value, list) else [value]


class Ledger:
    """Written by the emulator while it runs."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._lock = threading.Lock()
        self._written = 0.0
        self._granted: set[Grant] = set()
        self._uses: dict[Use, dict[str, Any]] = {}
        self._refused: list[dict[str, str]] = []
        self._broken: list[str] = []
        self._write()

    def exist(self, roles: Iterable[Role]) -> None:
        """Roles as they are from now on; what they were allowed before stays in the books."""
        with self._lock:
            self._granted.update(*(grants_of(role) for role in roles))
            self._write()

    def used(self, use: Use, resource: str) -> None:
        with self._lock:
            known = self._uses.setdefault(use, {"count": 0, "example": resource})
            known["count"] += 1
            if known["count"] == 1 or time.monotonic() - self._written > STALE_SECONDS:
                self._write()

    def refused(self, who: str, action: str, resource: str) -> None:
        with self._lock:
            self._refused.append({"who": who, "action": action, "resource": resource})
            self._write()

    def broke(self, text: str) -> None:
        """A request or an answer that the service's model does not know."""
        with self._lock:
            self._broken.append(text)
            self._write()

    def close(self) -> None:
        with self._lock:
            self._write()

    def _write(self) -> None:
        uses = [{"role": use.role, "action": use.action, "grants": sorted(use.grants), **known} for use, known in self._uses.items()]
        write_atomically(self._file, {"granted": sorted(self._granted), "uses": uses, "refused": self._refused, "broken": self._broken})
        self._written = time.monotonic()


class Books:
    """What is in the file now."""

    def __init__(self, folder: Path) -> None:
        written = json.loads((folder / FILE).read_text())
        self.granted = {Grant(*grant) for grant in written["granted"]}
        self.uses = {Use(use["role"], use["action"], frozenset(Grant(*grant) for grant in use["grants"])): use
                     for use in written["uses"]}
        self.refused: list[dict[str, str]] = written["refused"]
        self.broken: list[str] = written["broken"]

    @property
    def complaints(self) -> list[str]:
        """What AWS would not have done, though the run may not have noticed."""
        return [f"{refusal['who']} may not {refusal['action']} on {refusal['resource']}" for refusal in self.refused] + self.broken

    def superfluous(self) -> set[Grant]:
        """What could be taken away, and all that was done would still be allowed."""
        needed = {next(iter(use.grants)) for use in self.uses if len(use.grants) == 1}
        return self.granted - needed

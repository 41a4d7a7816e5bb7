"""A configuration session: set, delete, commit, discard, load, with VyOS's exit statuses."""

import json
import os
from pathlib import Path

from . import checks, tree
from .box import Box, restore
from .grammar import Refused
from .lock import LOCKED, commit_lock
from .tree import Tree

GROUP = "vyattacfg"
SESSION_VARIABLE = "VYATTA_CONFIG_SID"


def in_config_group(root: Path) -> bool:
    """Whether this process runs under the group that owns the configuration."""
    for line in (root / "etc/group").read_text().splitlines():
        name, _, number, _ = line.split(":", 3)
        if name == GROUP:
            return os.getgid() == int(number)
    return False


class Session:
    """What one shell has changed and not committed yet."""

    def __init__(self, box: Box, name: str) -> None:
        self.box = box
        self._file = box.root / box.sessions / f"{name}.json"

    @property
    def is_open(self) -> bool:
        return self._file.exists()

    def open(self) -> str | None:
        """Begin; returns the reason where that is refused."""
        if not in_config_group(self.box.root):
            return f"Permission denied: a configuration session must run under group {GROUP}"
        if not self.is_open:
            self._store(self.box.committed()["tree"])
        return None

    def close(self) -> None:
        self._file.unlink(missing_ok=True)

    def proposed(self) -> Tree:
        return json.loads(self._file.read_text())

    def changed(self) -> bool:
        return self.is_open and self.proposed() != self.box.committed()["tree"]

    def set(self, path: list[str]) -> tuple[int, str]:
        try:
            self.box.grammar.check(path)
        except Refused as refusal:
            return 1, f"\n  {refusal}\n  Set failed\n"
        proposed = self.proposed()
        if tree.exists(proposed, path):
            return 0, f"  Configuration path: [{' '.join(path)}] already exists\n"
        tree.insert(self.box.grammar, proposed, path)
        self._store(proposed)
        return 0, ""

    def delete(self, path: list[str]) -> tuple[int, str]:
        proposed = self.proposed()
        if not tree.remove(proposed, path):
            return 1, "  Nothing to delete (the specified node does not exist)\n"
        self._store(proposed)
        return 0, ""

    def commit(self) -> tuple[int, str]:
        """Apply section by section: a section that fails stays as it was, the others change."""
        if not self.changed():
            return 1, "No configuration changes to commit\n"
        with commit_lock(self.box.root) as is_ours:
            return self._apply() if is_ours else (1, LOCKED)

    def _apply(self) -> tuple[int, str]:
        proposed, active = self.proposed(), self.box.committed()["tree"]
        result = dict(proposed)
        found = [c for c in checks.complaints(self.box.version, proposed)
                 if proposed.get(c.section) != active.get(c.section)]
        found += checks.bound_to_what_goes(active, proposed)
        for complaint in found:
            restore(result, active, complaint.section)
        found += self.box.apply(result)
        if not found:
            return 0, ""
        labels = dict.fromkeys(complaint.label for complaint in found)
        return 1, ("".join(f"[ {c.path} ]\n{c.text}\n\n\n\n" for c in found)
                   + "".join(f"[[{label}]] failed\n" for label in labels) + "Commit failed\n")

    def discard(self) -> tuple[int, str]:
        if not self.changed():
            return 0, "No changes have been discarded\n"
        self._store(self.box.committed()["tree"])
        return 0, "Changes have been discarded\n"

    def load(self, file: Path) -> tuple[int, str]:
        if not file.exists():
            return 1, f"Cannot open configuration file {file}\n"
        loaded, complaints = tree.parse(self.box.grammar, file.read_text())
        self._store(loaded)
        text = "".join(f"{complaint}\n" for complaint in complaints)
        return 0, text + f"Loading configuration from '{file}'\nLoad complete.  Use 'commit' to make changes active.\n"

    def _store(self, proposed: Tree) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(proposed))

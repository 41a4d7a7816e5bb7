"""The router's own files: what is committed, what a session proposes, what is saved."""

import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from . import defects, marks, tree
from .grammar import Grammar
from .tree import Tree

# Imported where they are needed: `set` runs a hundred times and needs none of them.
if TYPE_CHECKING:
    from .machine import Machine
    from .model import Router

SECTIONS = ("firewall", "interfaces", "pki", "policy", "protocols", "service", "system", "vpn")


class Complaint(NamedTuple):
    """Why a section of the configuration can't be applied."""

    section: str
    label: str
    path: str
    text: str


class Box:
    """One router, by its root folder."""

    sessions = Path("opt/vyatta/config/sessions")

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root
        self.version = (root / "etc/vyos-version").read_text().strip()
        self.grammar = Grammar(self.version, defects.UNKNOWN_NODE if defects.has(defects.GRAMMAR) else "")
        self.config_boot = root / "opt/vyatta/etc/config/config.boot"
        self._active = root / "opt/vyatta/config/active.json"
        self.wire = root / "run/wire"
        self._plane = root / "run/plane"

    def committed(self) -> dict[str, Any]:
        """`tree`, and under `changed` the time of each section's last change."""
        if not self._active.exists():
            return {"tree": {}, "changed": {}}
        return json.loads(self._active.read_text())

    def cards(self) -> dict[str, dict[str, str]]:
        """The network cards that LXD put into this container."""
        file = self.root / "run/hardware/cards.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def machine(self) -> "Machine | None":
        """The namespaces of this router's daemons; None in the simulation."""
        from .machine import Machine

        return Machine.of(self._plane, self.cards())

    def router(self, config: Tree) -> "Router":
        """This router with a configuration."""
        from .model import Router

        return Router({"version": self.version, "cards": self.cards(), "tree": config, "changed": {}})

    def apply(self, new: Tree) -> list[Complaint]:
        """Make `new` the committed configuration and let the network see it; a section that its daemon
        refuses stays as it was."""
        old = self.committed()
        new = dict(new)
        complaints = self._drive(new)
        for complaint in complaints:
            restore(new, old["tree"], complaint.section)
        now = time.time()
        changed = {s: old["changed"].get(s, now) if old["tree"].get(s) == new.get(s) else now
                   for s in SECTIONS if s in new}
        committed = {"tree": new, "changed": changed}
        # the network first: a commit that is killed in between is done once more, for nothing says that it was done
        self._publish(committed)
        self._write(self._active, committed)
        return complaints

    def _drive(self, new: Tree) -> list[Complaint]:
        """Hand a configuration to the kernel and to the daemons."""
        machine = self.machine()
        if machine is None:
            return []
        from .drive import drive

        return [Complaint(section, section, section, text)
                for section, text in drive(machine, self.router(new))]

    def _publish(self, committed: dict[str, Any]) -> None:
        """Tell the simulated network what runs behind this router's first card."""
        card = self.cards().get("eth0")
        if card:
            self._write(marks.place(self.wire, card["id"]) / "router.json",
                        {"version": self.version, "cards": self.cards(), **committed})

    def boot(self) -> list[str]:
        """Load config.boot, as a router does when it starts; returns what it could not use."""
        from .lock import commit_lock

        with commit_lock(self.root, waits=True):
            return self._boot()

    def _boot(self) -> list[str]:
        # no session outlives a router
        shutil.rmtree(self.root / self.sessions, ignore_errors=True)
        self._active.unlink(missing_ok=True)
        card = self.cards().get("eth0")
        if card:
            marks.clear(self.wire, card["id"])
        machine = self.machine()
        if machine:
            machine.boot()
        if not self.config_boot.exists():
            self.apply({})
            return ["no config.boot"]
        if defects.has(defects.SAVE):
            self.config_boot.write_text(tree.without_footer(self.config_boot.read_text()))
        loaded, complaints = tree.parse(self.grammar, self.config_boot.read_text())
        return complaints + [complaint.text for complaint in self.apply(loaded)]

    def save(self, file: Path | None = None) -> str:
        """Write config.boot, or another file; one that is there without the version footer stays as it is."""
        file = file or self.config_boot
        shown = "/config/config.boot" if file == self.config_boot else str(file)
        if file.exists() and not tree.has_footer(file.read_text()):
            return f"Error: no version string in '{shown}': aborting save!"
        draft = file.with_suffix(".new")
        draft.write_text(tree.render(self.grammar, self.committed()["tree"]))
        draft.replace(file)
        return f"Saving configuration to '{shown}'...\nDone"

    @staticmethod
    def _write(path: Path, data: object) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(data))
        draft.replace(path)


def restore(new: Tree, old: Tree, section: str) -> None:
    """Take one section from the old configuration."""
    if section in old:
        new[section] = old[section]
    else:
        new.pop(section, None)

"""The router's own files: what is committed, what a session proposes, what is saved."""

import json
import os
import time
from pathlib import Path
from typing import Any

from . import tree
from .grammar import Grammar
from .tree import Tree

SECTIONS = ("interfaces", "policy", "protocols", "service", "system", "vpn")


class Box:
    """One router, by its root folder."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root
        self.version = (root / "etc/vyos-version").read_text().strip()
        self.grammar = Grammar(self.version)
        self.config_boot = root / "opt/vyatta/etc/config/config.boot"
        self._active = root / "opt/vyatta/config/active.json"
        self._wire = root / "run/wire/routers"

    def committed(self) -> dict[str, Any]:
        """`tree`, and under `changed` the time of each section's last change."""
        if not self._active.exists():
            return {"tree": {}, "changed": {}}
        return json.loads(self._active.read_text())

    def cards(self) -> dict[str, dict[str, str]]:
        """The network cards that LXD put into this container."""
        file = self.root / "run/hardware/cards.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def apply(self, new: Tree) -> None:
        """Make `new` the committed configuration and let the network see it."""
        old = self.committed()
        now = time.time()
        changed = {s: old["changed"].get(s, now) if old["tree"].get(s) == new.get(s) else now
                   for s in SECTIONS if s in new}
        self._write(self._active, {"tree": new, "changed": changed})
        self.publish()

    def publish(self) -> None:
        """Tell the simulated network what runs behind this router's first card."""
        card = self.cards().get("eth0")
        if card:
            self._write(self._wire / f"{card['id']}.json",
                        {"version": self.version, "cards": self.cards(), **self.committed()})

    def boot(self) -> list[str]:
        """Load config.boot, as a router does when it starts; returns what it could not use."""
        if not self.config_boot.exists():
            self.apply({})
            return ["no config.boot"]
        loaded, complaints = tree.parse(self.grammar, self.config_boot.read_text())
        self._active.unlink(missing_ok=True)
        self.apply(loaded)
        return complaints

    def save(self) -> str:
        """Write config.boot; a file without the version footer stays as it is."""
        shown = "/config/config.boot"
        if self.config_boot.exists() and not tree.has_footer(self.config_boot.read_text()):
            return f"Error: no version string in '{shown}': aborting save!"
        draft = self.config_boot.with_suffix(".new")
        draft.write_text(tree.render(self.grammar, self.committed()["tree"]))
        draft.replace(self.config_boot)
        return f"Saving configuration to '{shown}'...\nDone"

    @staticmethod
    def _write(path: Path, data: object) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(data))
        draft.replace(path)

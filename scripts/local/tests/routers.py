"""Routers with real daemons, configured line by line."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from local.dataplane.operator import Operator, Workshop
from local.fleet.sandbox import Sandbox

from .conftest import FOOTER, Shell, install_lxd

PATIENCE = 30.0
MAKE = """set -e
lxc image import /tmp/vyos.tar.gz --alias vyos
lxc init vyos router
lxc config device add router eth0 nic nictype=physical parent=ens6 name=eth0
lxc config device add router eth1 nic nictype=physical parent=ens7 name=eth1
printf 'system {\\n    host-name r\\n}\\n%s\\n' >/tmp/config.boot
lxc file push /tmp/config.boot router/opt/vyatta/etc/config/config.boot
lxc start router"""
CONFIGURE = """cat >/tmp/t.vbash <<'END'
#!/bin/vbash
source /opt/vyatta/etc/functions/script-template
configure
{lines}
/opt/vyatta/sbin/my_commit
status=$?
cli-shell-api teardownSession
builtin exit $status
END
lxc file push --mode=0700 /tmp/t.vbash router/tmp/t.vbash
lxc exec router -- sg vyattacfg -c "/bin/vbash /tmp/t.vbash" """


class Lab:
    """Routers in one region, by name; they know nothing yet."""

    def __init__(self, folder: Path, version: str, ends: Sequence[dict[str, Any]]) -> None:
        self.wire = folder / "wire"
        self.operator = Operator(folder)
        self.hosts: dict[str, Sandbox] = {}
        self.shells: dict[str, Shell] = {}
        self.machines: dict[str, Workshop] = {}
        # What the first router showed before there was another one.
        self.alone: dict[str, str] = {}
        self.wire.mkdir(parents=True, exist_ok=True)
        (self.wire / "elastic-ips.json").write_text(json.dumps({e["eip"]: f"eni-{e['name']}-6" for e in ends}))
        for number, end in enumerate(ends):
            host = Sandbox(end["name"], folder / end["name"], self.wire)
            host.prepare()
            cards = {f"ens{n}": {"id": f"eni-{end['name']}-{n}", "region": "us-east-1", "mac": f"02:00:00:00:0{number}:0{n}",
                                 "address": f"{end['private']}/24" if n == 6 else f"10.99.{number}.5/24"} for n in (5, 6, 7)}
            host.give_cards(cards)
            self.hosts[end["name"]] = host
            self.shells[end["name"]] = install_lxd(host, version)
            self.machines[end["name"]] = self.operator.machine(f"eni-{end['name']}-6")

    def make(self, name: str) -> None:
        answer = self.shells[name](MAKE % FOOTER)
        assert answer.returncode == 0, answer.stderr

    def set(self, name: str, *paths: str) -> tuple[int, str]:
        text = "\n".join(f"/opt/vyatta/sbin/my_{path}" for path in paths)
        answer = self.shells[name](CONFIGURE.format(lines=text))
        return answer.returncode, answer.stdout + answer.stderr

    def show(self, name: str, *words: str) -> str:
        return self.shells[name](f"lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show {' '.join(words)}").stdout

    def ping(self, name: str, target: str) -> str:
        return self.shells[name](f"lxc exec router -- ping -c 3 -W 2 {target}").stdout


def eventually(question: Callable[[], str], *wanted: str) -> str:
    """Ask until all wanted words are in the answer."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = question()
        if all(word in answer for word in wanted) or time.monotonic() > deadline:
            assert all(word in answer for word in wanted), answer
            return answer
        time.sleep(0.2)

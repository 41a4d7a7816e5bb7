"""The sandbox runs a script as a file, with stand-ins first on PATH and a /run of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.host import Sandbox, router_host
from fakes.router import FIXTURES, SHOW_BGP, SHOW_CONNECTIONS, Texts
from network import ROUTERS, Router

ROUTER, PEER = ROUTERS["fra-branch1"], ROUTERS["fra-sdwan"]
WRAPPER = "lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper"


def run(folder: Path, script: str, texts: Texts):
    return Sandbox(folder, router_host({PEER.vti}, lambda _: texts))(ROUTER.instance_id, script)


def test_show_commands_and_pings_answer(tmp_path: Path) -> None:
    texts = Texts("1.3", ROUTER, PEER)
    texts.unreachable = {PEER.vti}
    done = run(tmp_path, f"""#!/bin/bash
set -u
export PATH="$PATH:/snap/bin"
exec 9>/run/lock/sdwan.lock; flock -w 5 9 || exit 3
{WRAPPER} {SHOW_BGP}
lxc exec router -- ping -c 3 -W 2 {PEER.vti}; echo "ping=$?"
{WRAPPER} show version; echo "unknown=$?"
[[ $BASH_VERSION ]]
""", texts)
    assert done.status == "Success", done
    assert f"router identifier {ROUTER.loopback}, local AS number 65002" in done.stdout
    assert f"{PEER.vti}  4      65001" in done.stdout
    assert "100% packet loss" in done.stdout and "ping=1" in done.stdout and "unknown=64" in done.stdout


def test_a_failing_script_and_a_stopped_router_show(tmp_path: Path) -> None:
    texts = Texts("1.5", ROUTER, PEER)
    texts.stopped = True
    done = run(tmp_path, f"#!/bin/bash\n{WRAPPER} {SHOW_BGP} || exit 7\n", texts)
    assert (done.status, done.code) == ("Failed", 7) and "not running" in done.stderr


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_texts_are_renamed_in_line(version: str) -> None:
    texts = Texts(version, ROUTER, PEER)
    joined = "".join(text for text, _ in texts.answers.values())
    for gone in ("10.10.1.10", "203.0.113.2", "169.254.100.1/", "10.255.0.1/"):
        assert gone not in joined
    for there in (ROUTER.vti + "/30", PEER.eip, PEER.loopback + "/32", PEER.private_ip):
        assert there in joined
    assert (SHOW_CONNECTIONS in texts.answers) == (version != "1.3")


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*-*-*.txt")), ids=lambda path: path.stem)
def test_a_text_renamed_to_itself_is_itself(path: Path) -> None:
    captured_from = Router("nv-sdwan", "us-east-1", "sdwan", "10.255.0.1", 65001, "169.254.100.1", "nv-branch1",
                           "i-1", "203.0.113.1", "10.10.1.10")
    peer = Router("nv-branch1", "us-east-1", "branch", "10.255.1.1", 65002, "169.254.100.2", "nv-sdwan",
                  "i-2", "203.0.113.2", "10.20.1.10")
    renamed = Texts("1.3", captured_from, peer).rename(path.read_text())
    assert [line.rstrip() for line in renamed.splitlines()] == [line.rstrip() for line in path.read_text().splitlines()]

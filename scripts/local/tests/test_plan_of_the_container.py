"""What a plan finds of a router on a host; that LXD says nothing is no answer."""

import pytest

from .conftest import Shell
from .test_router_templates import TEMPLATES

LOOK = f"""fail() {{ echo "failed: $*"; exit 1; }}
ask_lxd() {{ lxc "${{@:2}}" </dev/null; }}
{(TEMPLATES / "container.sh").read_text()}
look_for_container
echo "found $container"
"""
MADE = """lxc image import /tmp/vyos.tar.gz --alias vyos >/dev/null
lxc init vyos router >/dev/null
lxc config device add router eth0 nic nictype=physical parent=ens6 name=eth0 >/dev/null
"""


def test_a_bare_host_has_none(sh: Shell) -> None:
    assert sh(LOOK).stdout == "found absent\n"


@pytest.mark.parametrize("made, found", [("", "absent"), (MADE, "stopped"), (MADE + "lxc start router\n", "running")])
def test_what_lxd_has(lxd: Shell, made: str, found: str) -> None:
    assert lxd("set -euo pipefail\n" + made + LOOK).stdout.splitlines()[-1] == f"found {found}"


@pytest.mark.parametrize("status, words, said", [
    (1, "Error: Instance not found", "found absent"), (1, "Error: Not Found", "found absent"),
    (1, "Error: LXD unix socket not accessible: connection refused", "failed: LXD does not say"),
    (0, "Name: router\nStatus: RUNNING", "found running"), (0, "Name: router\nStatus: Error", "found stopped"),
    (0, "", "found running")])
def test_what_lxd_says(sh: Shell, status: int, words: str, said: str) -> None:
    answer = sh(f"lxc() {{ printf '%s\\n' '{words}'; return {status}; }}\n{LOOK}")
    assert answer.stdout.startswith(said), answer.stdout

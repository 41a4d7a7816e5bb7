"""swanctl inside the simulated router, as phase 2 uses it: by VyOS's names."""

import pytest

from .conftest import BRANCH, HUB, Shell, lines
from .test_router_templates import TEMPLATES

NAME = f"peer-{BRANCH['eip']}-tunnel-vti"


@pytest.mark.parametrize("command, status", [
    (f"swanctl --list-sas --raw --ike {NAME}", 0), ("swanctl --list-sas --raw --ike nobody", 0),
    (f"swanctl --initiate --child {NAME} --timeout 1", 1), ("swanctl --initiate --child nobody --timeout 1", 22),
    ("swanctl --terminate --ike nobody --force --timeout 1", 22)])
def test_a_tunnel_that_is_down_can_not_be_asked_for(vbash: Shell, command: str, status: int) -> None:
    sets = "\n".join(f"/opt/vyatta/sbin/my_set {line}" for line in lines("1.3", HUB, BRANCH))
    answer = vbash(f"configure\n{sets}\n/opt/vyatta/sbin/my_commit\n{command}\nprintf 'status %s\\n' $?")
    assert answer.stdout.endswith(f"status {status}\n") and "INSTALLED" not in answer.stdout, answer.stdout


@pytest.mark.parametrize("begins, answers", [
    ("up/up-c", "down/down-c"), ("down/down-c", "up/up-c"), ("", "up/up-c down/down-c other/other-c")])
def test_who_is_asked_for(vbash: Shell, begins: str, answers: str) -> None:
    """Those that are down, each once; what nobody answers ends only at the end that does not initiate."""
    stub = r"""swanctl() {
  case "$*" in
    *"--list-sas"*"--ike up") echo state=INSTALLED ;;
    *"--list-sas"*) ;;
    *"--initiate"*) echo "$*"; return 1 ;;
    *"--terminate"*) echo "$*" ;;
  esac
}"""
    wake = (TEMPLATES / "router-wake.vbash").read_text().replace(">/dev/null 2>&1", "")
    answer = vbash(f"{stub}\nbegins='{begins}'\nanswers='{answers}'\n{wake}")
    asked = sorted(line for line in answer.stdout.splitlines() if "--initiate" in line)
    down = sorted({tunnel.split("/")[0] for tunnel in f"{begins} {answers}".split()} - {"up"})
    assert asked == [f"--initiate --child {name}-c --timeout 4" for name in down]
    ended = sorted(line for line in answer.stdout.splitlines() if "--terminate" in line)
    assert ended == [f"--terminate --ike {name} --force --timeout 1" for name in down if name in answers]

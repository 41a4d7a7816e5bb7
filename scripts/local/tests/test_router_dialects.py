"""The same in the words of 1.5: its BGP has no number in its path, its peers have names and their keys a place of their own."""

import pytest

from .conftest import BRANCH, HUB, Shell, lines, router_host_of, vbash_on
from .test_router_changes import PLAN
from .test_router_templates import APPLY, KEEP, active, script

PEER, KEY, NEIGHBOR = "vpn ipsec site-to-site peer branch", "vpn ipsec authentication psk K", f"protocols bgp neighbor {BRANCH['vti']}"
OWNED = ["interfaces vti vti0", PEER, KEY, NEIGHBOR]
TUNNEL = [*lines("1.5", HUB, BRANCH), "interfaces vti vti0 mtu 1422", "interfaces vti vti0 ip adjust-mss clamp-mss-to-pmtu"]
WITHOUT = [line for line in TUNNEL if not line.startswith(tuple(OWNED))]


@pytest.fixture(scope="module")
def vbash15(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return vbash_on(router_host_of(tmp_path_factory.mktemp("router15"), "1.5"))


def plan(vbash: Shell, wanted: list[str], owned: list[str]) -> list[str]:
    answer = vbash(script(wanted, *PLAN, owned=owned, alone=owned))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return [line.removeprefix("plan ") for line in answer.stdout.splitlines() if line.startswith("plan ")]


def test_set_planned_cleaned_and_removed(vbash15: Shell) -> None:
    def apply(wanted: list[str], owned: list[str]) -> str:
        answer = vbash15(script(wanted, APPLY, KEEP, owned=owned, alone=owned))
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    told = plan(vbash15, TUNNEL, OWNED)
    assert {f"+ {line.replace('same-key', '******')}" for line in TUNNEL if line.startswith(tuple(OWNED))} <= set(told)
    apply(TUNNEL, OWNED)
    assert plan(vbash15, TUNNEL, OWNED) == []
    clean = active(vbash15)
    foreign = [f"{KEY} id 192.0.2.1", f"{NEIGHBOR} password by-hand", "interfaces vti vti0 address 192.0.2.1/30",
               f"{PEER} local-address 192.0.2.77"]
    sets = "\n".join(f"/opt/vyatta/sbin/my_set {line}" for line in foreign)
    assert vbash15(f"configure\n{sets}\n/opt/vyatta/sbin/my_commit").stdout == ""
    changed = [line.replace("same-key", "another-key") for line in TUNNEL]
    assert plan(vbash15, changed, OWNED) == [
        "- interfaces vti vti0 address 192.0.2.1/30", f"- {KEY} id 192.0.2.1", f"- {PEER} local-address 192.0.2.77",
        f"- {NEIGHBOR} password", f"~ {KEY} secret ******", f"+ {PEER} local-address {HUB['private']}"]
    apply(TUNNEL, OWNED)
    assert active(vbash15) == clean
    assert "removed: interfaces vti vti0" in apply(WITHOUT, [])
    assert "vti0" not in active(vbash15) and "branch" not in active(vbash15)

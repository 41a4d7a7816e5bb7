"""The tool over the machine whose phases follow each other."""

from __future__ import annotations

import re

import pytest
from labs import ENDED, Lab, lab

# What is mended by itself: the fault, the router's cause.
FAULTS = {"nat-gone": "peer-unreachable", "mtu": "mtu", "host-offline": "no-answer"}


def test_the_page_of_a_healthy_network(synchronous: Lab) -> None:
    page = synchronous.json("status")[-1]
    assert page["healthy"] == page["total"] == 4 and page["unverified"] == 0 and "waves" not in page
    assert [router["tunnels"] for router in page["routers"]] == [{"up": 1, "all": 1}] * 4
    assert synchronous.sdwan("status").splitlines()[-1] == "4 of 4 routers healthy, 2 of 2 tunnels up."
    assert {check["state"] for check in synchronous.json("doctor")[0]["checks"]} == {"ok"}


def test_what_is_for_rollouts_only(synchronous: Lab) -> None:
    synchronous.sdwan("up", "--yes", "--waves", "examples/four.json", status=2)
    synchronous.sdwan("up", "--yes", "--from", "all.phase2", status=2)
    synchronous.sdwan("approve", status=2)


@pytest.mark.parametrize("fault", FAULTS)
def test_why(synchronous: Lab, fault: str) -> None:
    """Also without an execution: the routers are asked now."""
    lab("break", fault, "fra-branch1")
    try:
        ill = synchronous.json("why", "--now", status=1)[0]["routers"]
    finally:
        lab("repair")
    assert FAULTS[fault] in {router["diagnosis"]["cause"] for router in ill if "diagnosis" in router}, ill
    assert {router["name"] for router in ill} <= {"fra-branch1", "fra-sdwan"}


def test_stopped_and_gone_on_with(synchronous: Lab) -> None:
    synchronous.json("up", "--detach", "--yes")
    synchronous.json("stop")
    page = synchronous.until(lambda page: page["execution"]["status"] in ENDED, "stopped")
    assert page["execution"]["status"] == "ABORTED"
    lines = synchronous.json("resume", "--yes")
    assert lines[-1]["execution"]["status"] == "SUCCEEDED" and lines[-1]["healthy"] == 4
    synchronous.sdwan("resume", "--yes", status=2)


def test_a_new_key_without_an_outage(synchronous: Lab) -> None:
    before = uptimes(synchronous)
    assert synchronous.json("rotate-psk", "--yes")[0]["rotated"] is True
    after = uptimes(synchronous)
    assert after > before, "the tunnel came up anew"
    # The key counts from the next authentication on, and both ends have it. What an interface that is gone for a moment does to
    # the routes is FRR's affair: it may believe that the kernel still has them.
    connection, first, _ = association()
    assert "completed" in lab("exec", "fra-branch1", "swanctl", "--rekey", "--ike", connection, "--reauth")
    synchronous.until(lambda page: association()[1] > first and association()[2] == "ESTABLISHED", "authenticated anew")


def association() -> tuple[str, int, str]:
    """The name, the number and the state of fra-branch1's IKE SA; number 0 where there is none at the moment."""
    found = re.search(r"^(\S+): #(\d+), (\w+), IKEv2", lab("exec", "fra-branch1", "swanctl", "--list-sas"), re.MULTILINE)
    return (found[1], int(found[2]), found[3]) if found else ("", 0, "")


def uptimes(network: Lab) -> int:
    """Seconds for which fra-sdwan's tunnel has been up."""
    shown = network.json("exec", "fra-sdwan", "--", "show", "vpn", "ipsec", "sa")[0]["stdout"]
    found = re.search(r" up +(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)? ", shown)
    assert found, shown
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds

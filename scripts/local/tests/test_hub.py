"""A hub with three branches, each on a VTI of its own, over real daemons."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.dataplane import start as dataplane
from local.processes import Daemons

from .conftest import HUB, lines
from .routers import Lab, eventually

OBSTACLE = dataplane.obstacle()
pytestmark = pytest.mark.skipif(OBSTACLE is not None, reason=f"no real data plane: {OBSTACLE}")
BRANCHES = [{"name": f"b{n}", "eip": f"203.0.113.{10 + n}", "private": f"10.2{n}.1.10", "vti": f"169.254.100.{4 * n + 2}",
             "asn": 65010 + n, "loopback": f"10.255.{n + 1}.1"} for n in range(3)]


def hub_end(number: int) -> dict[str, Any]:
    """The hub as one of its branches sees it."""
    return {**HUB, "vti": f"169.254.100.{4 * number + 1}", "interface": f"vti{number}"}


@pytest.fixture(scope="module", params=["1.3", "1.5"])
def net(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder, daemons = tmp_path_factory.mktemp("hub"), Daemons()
    dataplane.start(daemons, folder)
    try:
        lab = Lab(folder, request.param, [HUB, *BRANCHES])
        paths = {"hub": {line for n, far in enumerate(BRANCHES) for line in lines(request.param, hub_end(n), far)}}
        paths.update({near["name"]: set(lines(request.param, near, hub_end(n))) for n, near in enumerate(BRANCHES)})
        for name, wanted in paths.items():
            lab.make(name)
            status, text = lab.set(name, *(f"set {line}" for line in sorted(wanted)))
            assert status == 0, text
        yield lab
    finally:
        daemons.stop()


def test_every_branch_has_its_own_tunnel(net: Lab) -> None:
    eventually(lambda: net.show("hub", "vpn ipsec sa"), *(branch["private"] for branch in BRANCHES))
    for number, branch in enumerate(BRANCHES):
        eventually(lambda: net.show("hub", "ip route bgp"), f"B>* {branch['loopback']}/32 [20/0] via {branch['vti']}, vti{number}")
        for target in (branch["vti"], branch["loopback"]):
            assert "3 received, 0% packet loss" in net.ping("hub", target)


def test_one_branch_reaches_another_through_the_hub(net: Lab) -> None:
    near, far = BRANCHES[0], BRANCHES[2]
    eventually(lambda: net.show(near["name"], "ip route bgp"), f"B>* {far['loopback']}/32")
    eventually(lambda: net.show(far["name"], "ip route bgp"), f"B>* {near['loopback']}/32")
    answer = net.machines[near["name"]].run("ping", "-c", "3", "-W", "2", "-I", near["loopback"], far["loopback"])
    # one router on the way, and no more: 64 - 1
    assert "3 received, 0% packet loss" in answer.out and "ttl=63" in answer.out, answer


def test_a_tunnel_that_goes_takes_no_other_with_it(net: Lab) -> None:
    gone, left = BRANCHES[1], (BRANCHES[0], BRANCHES[2])
    packets = {branch["name"]: associations(net, branch["name"]) for branch in left}
    old = "ipsec-interfaces" in net.show("hub", "configuration commands")
    peer = gone["eip"] if old else gone["name"]
    bgp = f"protocols bgp {HUB['asn']}" if old else "protocols bgp"
    # The peer first: VyOS does not take both in one commit.
    for commit in ([f"delete vpn ipsec site-to-site peer {peer}", f"delete {bgp} neighbor {gone['vti']}"], ["delete interfaces vti vti1"]):
        status, text = net.set("hub", *commit)
        assert status == 0, text
    shown = net.show("hub", "vpn ipsec sa")
    assert gone["private"] not in shown and all(branch["private"] in shown for branch in left), shown
    assert "vti1" not in net.show("hub", "interfaces") and "100% packet loss" in net.ping("hub", gone["vti"])
    for branch in left:
        assert "3 received, 0% packet loss" in net.ping("hub", branch["loopback"])
        assert associations(net, branch["name"]) == packets[branch["name"]], "its SAs are not the same any more"


def associations(net: Lab, router: str) -> set[str]:
    listed = net.machines[router].do("swanctl", "--list-sas", "--raw")
    return {word for word in listed.split() if word.startswith("spi-in=")}

"""What is wrong with simulated routers on purpose: what one sees at both ends, and that it goes away."""

import re
from pathlib import Path

import pytest

from local.fleet import faults
from local.vyos import marks
from local.vyos.model import Router
from local.vyos.network import World
from local.vyos.ping import TUNNEL_MTU, ping
from local.vyos.simulated import Simulated

from .conftest import BRANCH, HUB, world

VERSIONS = ("1.3", "1.4", "1.5")
LARGE = ["-c", "1", "-W", "2", "-M", "do", "-s", str(TUNNEL_MTU - 28)]


def marked(version: str, *what: str) -> tuple[World, Router, Router]:
    """A healthy network whose hub has these marks."""
    net, hub, branch = world(version)
    return World([hub, branch], net.elastic_ips, net.now, {hub.id: frozenset(what)}), hub, branch


def row(text: str, beginning: str) -> str:
    return next((line for line in text.splitlines() if line.startswith(beginning)), "")


def test_every_mark_is_a_fault_and_the_wire_keeps_it(tmp_path: Path) -> None:
    assert set(marks.ALL) <= set(faults.KINDS)
    marks.put(tmp_path, "eni-1", marks.MTU)
    marks.put(tmp_path, "eni-1", marks.POLICY)
    marks.put(tmp_path, "eni-2", marks.MTU)
    assert marks.read(tmp_path) == {"eni-1": {marks.MTU, marks.POLICY}, "eni-2": {marks.MTU}}
    marks.clear(tmp_path, "eni-1")
    assert marks.read(tmp_path) == {"eni-2": {marks.MTU}}
    marks.clear(tmp_path)
    assert marks.read(tmp_path) == {}


def test_a_narrow_path_loses_what_is_large_without_a_word() -> None:
    net, hub, branch = world("1.3")
    assert ping(net, hub, [*LARGE, BRANCH["vti"]])[0] == 0
    net, hub, branch = marked("1.3", marks.MTU)
    for near, target in ((hub, BRANCH["vti"]), (branch, HUB["vti"]), (branch, HUB["loopback"])):
        assert ping(net, near, ["-c", "3", "-W", "2", target])[0] == 0
        status, out, err = ping(net, near, [*LARGE, target])
        assert (status, err) == (1, "") and "1 packets transmitted, 0 received, 100% packet loss, time 0ms" in out


@pytest.mark.parametrize("version, word", [("1.3", "Message"), ("1.5", "message")])
def test_what_does_not_fit_into_the_tunnel_is_refused_at_once(version: str, word: str) -> None:
    net, hub, _ = world(version)
    status, out, err = ping(net, hub, ["-c", "1", "-W", "2", "-M", "do", "-s", str(TUNNEL_MTU - 27), BRANCH["vti"]])
    assert status == 1 and err == f"ping: local error: {word} too long, mtu={TUNNEL_MTU}\n"
    assert "1395(1423) bytes of data." in out and "0 received, +1 errors, 100% packet loss" in out
    # what may be cut to pieces gets there
    assert ping(net, hub, ["-c", "1", "-s", "1395", BRANCH["vti"]])[0] == 0
    net, hub, _ = world(version, hub_changes=("+interfaces vti vti0 mtu 1400",))
    assert "mtu=1400" in ping(net, hub, [*LARGE, BRANCH["vti"]])[2]


@pytest.mark.parametrize("arguments, words", [
    (["-c", "x", "10.0.0.1"], "ping: "), (["-Z", "10.0.0.1"], "invalid option -- 'Z'"), (["-c", "1"], "Destination address required")])
def test_a_ping_that_is_none(arguments: list[str], words: str) -> None:
    net, hub, _ = world("1.3")
    status, out, err = ping(net, hub, arguments)
    assert status == 2 and out == "" and words in err


@pytest.mark.parametrize("version", VERSIONS)
def test_sends_nothing(version: str) -> None:
    net, hub, branch = marked(version, marks.SENDS_NOTHING)
    assert row(Simulated(net, hub).bgp_summary(), BRANCH["vti"]).split()[9:11] == ["1", "0"]
    assert row(Simulated(net, branch).bgp_summary(), HUB["vti"]).split()[9:11] == ["0", "1"]
    assert net.answers(hub, BRANCH["loopback"]) and not net.answers(branch, HUB["loopback"])


@pytest.mark.parametrize("version", VERSIONS)
def test_policy(version: str) -> None:
    net, hub, branch = marked(version, marks.POLICY)
    assert row(Simulated(net, hub).bgp_summary(), BRANCH["vti"]).split()[9:11] == ["(Policy)", "(Policy)"]
    assert row(Simulated(net, branch).bgp_summary(), HUB["vti"]).split()[9] == "0"
    assert Simulated(net, hub).bgp_routes() == Simulated(net, branch).bgp_routes() == ""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stale_vti(version: str) -> None:
    net, hub, branch = marked(version, marks.STALE_VTI)
    view = Simulated(net, hub)
    assert " up " in view.sa() and re.search(r"^vti0 .* A/D", view.interfaces(), re.MULTILINE)
    assert not net.answers(hub, BRANCH["vti"]) and not net.answers(branch, HUB["vti"])
    assert [s.state for s in [*net.sessions(hub), *net.sessions(branch)]] == ["Active", "Active"]
    assert re.search(r"^vti0 .* u/u", Simulated(net, branch).interfaces(), re.MULTILINE)


@pytest.mark.parametrize("version", VERSIONS)
def test_two_ike_sas_are_shown_wrongly_and_carry_everything(version: str) -> None:
    net, hub, _ = marked(version, marks.TWO_IKE_SAS)
    view = Simulated(net, hub)
    if version == "1.3":
        assert row(view.sa(), "peer-203.0.113.2-tunnel-vti").split()[1:3] == ["down", "N/A"]
    else:
        assert row(view.sa(), "branch-vti").split()[1] == "up"
        assert row(view.connections(), "branch-vti").split()[1] == "down" and row(view.connections(), "branch ").split()[1] == "up"
    assert net.answers(hub, BRANCH["loopback"]) and net.sessions(hub)[0].state == "Established"


@pytest.mark.parametrize("version", VERSIONS)
def test_foreign_things_stand_beside_ours(version: str) -> None:
    plain, net = marked(version), marked(version, marks.FOREIGN)
    for shown in ("sa", "bgp_summary", "interfaces"):
        before, after = (getattr(Simulated(each[0], each[1]), shown)().splitlines() for each in (plain, net))
        ours = [line.split() for line in before if line.startswith(("eth", "vti0", "lo", "branch", "peer-203.0.113.2", "169."))]
        assert len(after) > len(before) and all(line in [each.split() for each in after] for line in ours)
    assert "C=DE, O=Partner" in Simulated(net[0], net[1]).sa() and "*2001:db8::192:0:2:202" in Simulated(net[0], net[1]).bgp_summary()

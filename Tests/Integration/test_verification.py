"""Phase 3 end to end: the real scripts run on sandboxed hosts whose routers print healthy and broken texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest
from fakes.host import Sandbox, router_host
from fakes.router import SHOW_BGP, SHOW_CONNECTIONS, SHOW_INTERFACES, SHOW_ROUTES, SHOW_SA, Texts, captured
from fakes.run_command import Outcome
from harness import Lab
from network import NAMES, ROUTERS

VERSIONS = ["1.3", "1.4", "1.5"]
VICTIM = "fra-branch1"
ADDRESSES = {address for router in ROUTERS.values() for address in (router.vti, router.loopback)}
BY_INSTANCE = {router.instance_id: router for router in ROUTERS.values()}
Break = Callable[[Texts], None]


def verify(lab: Lab, version: str, broken: dict[str, Break], only_first: int = 10**9, **environment: str) -> dict:
    """Phase 3's result with these routers broken in their first `only_first` runs."""
    runs: Counter[str] = Counter()

    def texts(instance_id: str) -> Texts:
        router = BY_INSTANCE[instance_id]
        made = Texts(version, router, ROUTERS[router.peer])
        runs[router.name] += 1
        if router.name in broken and runs[router.name] <= only_first:
            broken[router.name](made)
        return made

    for host in lab.ssm.hosts.values():
        host.executor = Sandbox(lab.folder / "hosts", router_host(ADDRESSES, texts))
    return lab.start("phase3", VYOS_VERSION=version, **environment).invoke().response


def state(name: str, *commands: str) -> Break:
    """The captured texts of a state for these commands."""
    def change(texts: Texts) -> None:
        for command in commands:
            if command in texts.answers:
                texts.say(command, texts.rename(captured(texts.version, command, name)))
    return change


def together(*changes: Break) -> Break:
    def change(texts: Texts) -> None:
        for one in changes:
            one(texts)
    return change


def unreachable(*kinds: str) -> Break:
    return lambda texts: texts.unreachable.update(getattr(texts.peer, kind) for kind in kinds)


def edited(command: str, pattern: str, replacement: str) -> Break:
    return lambda texts: texts.edit(command, pattern, replacement)


def said(command: str, text: str, status: int = 0) -> Break:
    return lambda texts: texts.say(command, text, status)


def another_peer(texts: Texts) -> None:
    """An SA is up, but with somebody else."""
    for command in (SHOW_SA, SHOW_CONNECTIONS):
        if command in texts.answers:
            texts.edit(command, re.escape(texts.peer.eip), "192.0.2.77".ljust(len(texts.peer.eip)))


def no_sa_row_up(texts: Texts) -> None:
    """1.3 prints `down` for a peer whose SA is gone."""
    texts.edit(SHOW_SA, r"(?m)^((?:peer-|PEER)\S*\s+)up  ", r"\1down")
    state("psk-mismatch", SHOW_CONNECTIONS)(texts)


def no_routes(texts: Texts) -> None:
    text, _ = texts.answers[SHOW_ROUTES]
    texts.say(SHOW_ROUTES, "".join(line for line in text.splitlines(True) if not line.startswith("B>")))


def loopback_missing(texts: Texts) -> None:
    texts.edit(SHOW_INTERFACES, re.escape(texts.router.loopback + "/32"), "10.99.99.99/32")


def stopped(texts: Texts) -> None:
    texts.stopped = True


NO_TUNNEL = together(unreachable("vti", "loopback"), no_routes)
# name → (what is broken, details that must say so)
BROKEN: dict[str, tuple[Break, dict[str, str]]] = {
    "psk-mismatch": (together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL),
                     {"ipsec": "fail", "bgp": "fail", "interfaces": "ok", "ping": "fail"}),
    "bgp-active": (together(state("bgp-active-sa-up", SHOW_BGP), no_routes, unreachable("loopback")),
                   {"ipsec": "ok", "bgp": "fail", "interfaces": "ok", "ping": "ok"}),
    "interfaces-down": (
        together(state("ifaces-admin-down", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP, SHOW_INTERFACES), NO_TUNNEL),
        {"ipsec": "fail", "bgp": "fail", "interfaces": "fail", "ping": "fail"}),
    "bgp-missing": (together(state("no-instance", SHOW_BGP), no_routes), {"ipsec": "ok", "bgp": "fail"}),
    "ipsec-dead": (together(state("daemon-dead", SHOW_SA), NO_TUNNEL), {"ipsec": "fail"}),
    "sa-down-row": (no_sa_row_up, {"ipsec": "fail"}),
    "sa-with-another-peer": (another_peer, {"ipsec": "fail"}),
    "established-without-prefixes": (
        together(edited(SHOW_BGP, r"(?m)(00:00:1\d +)1( +2\b)", r"\g<1>0\g<2>"), no_routes, unreachable("loopback")),
        {"bgp": "fail", "ipsec": "ok"}),
    "bgp-peer-missing": (edited(SHOW_BGP, r"(?m)^169\.254\..*\n", ""), {"bgp": "fail"}),
    "route-missing": (together(no_routes, unreachable("loopback")), {"bgp": "fail"}),
    "vti-down": (edited(SHOW_INTERFACES, r"(?m)^(vti0.*)u/u", r"\1u/D"), {"interfaces": "fail"}),
    "vti-missing": (edited(SHOW_INTERFACES, r"(?m)^vti0.*\n", ""), {"interfaces": "fail"}),
    "vti-wrong-address": (edited(SHOW_INTERFACES, r"169\.254\.100\.\d+/30", "169.254.100.9/30"), {"interfaces": "fail"}),
    "loopback-missing": (loopback_missing, {"interfaces": "fail"}),
    "eth0-down": (edited(SHOW_INTERFACES, r"(?m)^(eth0.*)u/u", r"\1u/D"), {"interfaces": "fail"}),
    "ping-lost": (unreachable("vti", "loopback"), {"ipsec": "ok", "bgp": "ok", "ping": "fail"}),
    "command-fails": (said(SHOW_BGP, "", 1), {"bgp": "fail"}),
    "prints-nothing": (together(said(SHOW_SA, ""), said(SHOW_BGP, ""), said(SHOW_INTERFACES, "")),
                       {"ipsec": "fail", "bgp": "fail", "interfaces": "fail"}),
    "router-stopped": (stopped, {"ipsec": "fail", "bgp": "fail", "interfaces": "fail"}),
}
CASES = list(BROKEN)
# Three broken routers beside a healthy one in a run, on other routers from group to group.
GROUPS = [CASES[start : start + 3] for start in range(0, len(CASES), 3)]


def peer_vti(name: str) -> str:
    return ROUTERS[ROUTERS[name].peer].vti


def assert_healthy(result: dict, name: str) -> None:
    one = result["results"][name]
    assert one["status"] == "Success", one
    assert {key: one["details"][key] for key in ("ipsec", "bgp", "interfaces")} == dict.fromkeys(
        ("ipsec", "bgp", "interfaces"), "ok"), one
    assert one["details"]["ping"][peer_vti(name)] == "ok"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_healthy_network_is_healthy(lab: Lab, version: str) -> None:
    result = verify(lab, version, {})
    for name in NAMES:
        assert_healthy(result, name)
    assert (result["phase"], result["success_count"], result["fail_count"], result["failed"]) == ("phase3", 4, 0, [])


@pytest.mark.parametrize("version", VERSIONS)
def test_it_asks_exactly_what_the_verdict_needs(lab: Lab, version: str) -> None:
    verify(lab, version, {})
    for name, router in ROUTERS.items():
        peer = ROUTERS[router.peer]
        [home] = (lab.folder / "hosts").glob(f"{router.instance_id}-*")
        shows = [SHOW_SA, SHOW_BGP, SHOW_INTERFACES, SHOW_ROUTES] + ([SHOW_CONNECTIONS] if version != "1.3" else [])
        assert sorted((home / "calls").read_text().splitlines()) == sorted(
            [f"lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper {show}" for show in shows]
            + [f"lxc exec router -- ping -c 3 -W 2 {address}" for address in (peer.vti, peer.loopback)]), name


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("group", GROUPS, ids="+".join)
def test_broken_routers_are_told_from_the_healthy_one(lab: Lab, group: list[str], version: str) -> None:
    turn = GROUPS.index(group) % len(NAMES)
    victims = dict(zip(NAMES[turn:] + NAMES[:turn], group))
    result = verify(lab, version, {name: BROKEN[case][0] for name, case in victims.items()})
    assert sorted(result["failed"]) == sorted(victims) and result["fail_count"] == len(victims)
    for name, case in victims.items():
        one = result["results"][name]
        assert one["status"] == "Failed" and one["stderr"] and name in result["summary"]
        details = one["details"] | {"ping": one["details"]["ping"].get(peer_vti(name))}
        assert {key: details[key] for key in BROKEN[case][1]} == BROKEN[case][1], (case, one)
    for name in set(NAMES) - set(victims):
        assert_healthy(result, name)


def test_a_network_that_still_comes_up_is_waited_for(lab: Lab) -> None:
    late = {VICTIM: BROKEN["established-without-prefixes"][0]}
    result = verify(lab, "1.4", late, only_first=1, SDWAN_VERIFY_TIMEOUT="30")
    assert result["failed"] == []
    assert_healthy(result, VICTIM)


def test_both_ends_initiating_gives_rows_twice(lab: Lab) -> None:
    assert verify(lab, "1.3", {VICTIM: edited(SHOW_SA, r"(?m)^(peer-.*\n)", r"\1\1")})["failed"] == []


def test_a_long_routing_table_does_not_push_the_rest_out(lab: Lab) -> None:
    """Systems Manager keeps 24,000 characters of an output."""
    more = "".join(f"B>* 10.77.{number}.0/24 [20/0] via {peer_vti(VICTIM)}, vti0, weight 1, 00:00:13\n" for number in range(250))

    def grow(texts: Texts) -> None:
        text, _ = texts.answers[SHOW_ROUTES]
        texts.say(SHOW_ROUTES, text + 2 * more)
    assert verify(lab, "1.3", {VICTIM: grow})["failed"] == []


def test_what_tools_say_on_standard_error_is_no_answer(lab: Lab) -> None:
    """snap, sudo and vtysh warn beside a good answer, on whatever line of it."""
    def warn(texts: Texts) -> None:
        texts.noise = "WARNING: cgroup v2 is not fully supported yet, proceeding with partial confinement\n"
    result = verify(lab, "1.5", dict.fromkeys(NAMES, warn))
    for name in NAMES:
        assert_healthy(result, name)


@pytest.mark.parametrize("on_stderr", [False, True], ids=["stdout", "stderr"])
def test_the_cause_is_not_filtered_away_with_the_routes(lab: Lab, on_stderr: bool) -> None:
    def die(texts: Texts) -> None:
        texts.say(SHOW_ROUTES, "" if on_stderr else "zebra is not running\n")
        texts.noise = "zebra is not running\n" if on_stderr else ""
    result = verify(lab, "1.4", {VICTIM: die}, SDWAN_VERIFY_TIMEOUT="0")
    assert result["failed"] == [VICTIM]
    assert any("zebra is not running" in reason for reason in result["results"][VICTIM]["details"]["reasons"])


def test_a_runaway_answer_is_cut_on_the_host(lab: Lab) -> None:
    """What a command prints without end fills neither the host's memory nor the answer, and hides no other one."""
    def flood(texts: Texts) -> None:
        texts.say(SHOW_SA, texts.answers[SHOW_SA][0] + "flood\n" * 1_000_000)
    result = verify(lab, "1.4", {VICTIM: flood}, SDWAN_VERIFY_TIMEOUT="0")
    assert result["failed"] == [VICTIM]
    details = result["results"][VICTIM]["details"]
    assert (details["ipsec"], details["bgp"], details["interfaces"]) == ("fail", "ok", "ok"), details
    assert len(json.dumps(result)) < 64 * 1024


def test_a_large_routing_table_is_filtered_before_it_is_cut(lab: Lab) -> None:
    """A branch that takes a customer's or the Internet's routes is as healthy as any."""
    def grow(texts: Texts) -> None:
        more = "".join(f"B>* 10.{n >> 16}.{n >> 8 & 255}.{n & 255}/32 [20/0] via {texts.peer.vti}, vti0, weight 1, 00:00:13\n"
                       for n in range(40_000))
        text, _ = texts.answers[SHOW_ROUTES]
        head, own = text.split("B>*", 1)
        texts.say(SHOW_ROUTES, head + more + "B>*" + own)
    assert verify(lab, "1.4", {VICTIM: grow}, SDWAN_VERIFY_TIMEOUT="0")["failed"] == []


def test_complaints_without_end_are_not_kept(lab: Lab) -> None:
    def flood(texts: Texts) -> None:
        texts.noise = "WARNING: again and again\n" * 400_000
    result = verify(lab, "1.4", {VICTIM: flood}, SDWAN_VERIFY_TIMEOUT="0")
    assert result["failed"] == []
    assert len(json.dumps(result)) < 64 * 1024


def test_output_that_is_no_report_is_a_failure(lab: Lab) -> None:
    lab.outcome(Outcome(stdout="Success\nestablished up ok\n"))
    result = lab.start("phase3").invoke().response
    assert sorted(result["failed"]) == sorted(NAMES)
    for one in result["results"].values():
        assert one["details"]["ping"] and set(one["details"]["ping"].values()) <= {"unknown", "fail"}


def test_a_command_that_failed_has_details_all_the_same(lab: Lab) -> None:
    lab.ssm.hosts[ROUTERS[VICTIM].instance_id].online = False
    one = lab.start("phase3").invoke().response["results"][VICTIM]
    assert one["status"] == "Failed" and "InvalidInstanceId" in one["stderr"]
    assert one["details"]["ping"] == {peer_vti(VICTIM): "unknown"} | {
        key: value for key, value in one["details"]["ping"].items() if value == "unknown"}

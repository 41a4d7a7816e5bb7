"""Phase 3 end to end: the real scripts run on sandboxed hosts whose routers print healthy and broken texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest
from fakes.host import Sandbox, router_host
from fakes.router import SHOW_BGP, SHOW_CONNECTIONS, SHOW_IKE, SHOW_INTERFACES, SHOW_ROUTES, SHOW_SA, Texts, captured, show_log
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
            texts.edit(command, r"(?<!peer-)" + re.escape(texts.peer.eip), "192.0.2.77".ljust(len(texts.peer.eip)))


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


def logged(*lines: str) -> Break:
    return lambda texts: texts.log(*lines)


def no_ike(texts: Texts) -> None:
    texts.say(SHOW_IKE, "")


def narrow(complaint: str = "") -> Break:
    return lambda texts: texts.narrow.update({texts.peer.vti: complaint})


NO_TUNNEL = together(unreachable("vti", "loopback"), no_routes)
# name → (what is broken, details that must say so, the cause in the diagnosis)
BROKEN: dict[str, tuple[Break, dict[str, str], str]] = {
    "psk-mismatch": (together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL, no_ike,
                              logged("12[IKE] <4> received AUTHENTICATION_FAILED notify error")),
                     {"ipsec": "fail", "bgp": "fail", "interfaces": "ok", "ping": "fail"}, "key-mismatch"),
    "bgp-active": (together(state("bgp-active-sa-up", SHOW_BGP), no_routes, unreachable("loopback")),
                   {"ipsec": "ok", "bgp": "fail", "interfaces": "ok", "ping": "ok"}, "session-down"),
    "interfaces-down": (
        together(state("ifaces-admin-down", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP, SHOW_INTERFACES), NO_TUNNEL),
        {"ipsec": "fail", "bgp": "fail", "interfaces": "fail", "ping": "fail"}, "interface"),
    "bgp-missing": (together(state("no-instance", SHOW_BGP), no_routes), {"ipsec": "ok", "bgp": "fail"}, "not-configured"),
    "ipsec-dead": (together(state("daemon-dead", SHOW_SA), NO_TUNNEL), {"ipsec": "fail"}, "service-down"),
    "sa-down-row": (no_sa_row_up, {"ipsec": "fail"}, "no-child"),
    "sa-with-another-peer": (another_peer, {"ipsec": "fail"}, "not-configured"),
    "established-without-prefixes": (
        together(edited(SHOW_BGP, r"(?m)(00:00:1\d +)1( +2\b)", r"\g<1>0\g<2>"), no_routes, unreachable("loopback")),
        {"bgp": "fail", "ipsec": "ok"}, "nothing-received"),
    "bgp-peer-missing": (edited(SHOW_BGP, r"(?m)^169\.254\..*\n", ""), {"bgp": "fail"}, "not-configured"),
    "route-missing": (together(no_routes, unreachable("loopback")), {"bgp": "fail"}, "no-route"),
    "vti-down": (edited(SHOW_INTERFACES, r"(?m)^(vti0.*)u/u", r"\1u/D"), {"interfaces": "fail"}, "stale-vti"),
    "vti-missing": (edited(SHOW_INTERFACES, r"(?m)^vti0.*\n", ""), {"interfaces": "fail"}, "not-configured"),
    "vti-wrong-address": (edited(SHOW_INTERFACES, r"169\.254\.100\.\d+/30", "169.254.100.9/30"), {"interfaces": "fail"}, "not-configured"),
    "loopback-missing": (loopback_missing, {"interfaces": "fail"}, "not-configured"),
    "eth0-down": (edited(SHOW_INTERFACES, r"(?m)^(eth0.*)u/u", r"\1u/D"), {"interfaces": "fail"}, "interface"),
    "ping-lost": (unreachable("vti", "loopback"), {"ipsec": "ok", "bgp": "ok", "ping": "fail"}, "peer-unreachable"),
    "command-fails": (said(SHOW_BGP, "", 1), {"bgp": "fail"}, "unreadable"),
    "prints-nothing": (together(said(SHOW_SA, ""), said(SHOW_BGP, ""), said(SHOW_INTERFACES, "")),
                       {"ipsec": "fail", "bgp": "fail", "interfaces": "fail"}, "unreadable"),
    "router-stopped": (stopped, {"ipsec": "fail", "bgp": "fail", "interfaces": "fail"}, "router-down"),
    "proposals-differ": (
        together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL, no_ike,
                 logged("05[IKE] <1> received NO_PROPOSAL_CHOSEN notify error")),
        {"ipsec": "fail"}, "proposal-mismatch"),
    "peer-silent": (
        together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL, no_ike,
                 logged("05[IKE] <1> retransmit 1 of request with message ID 0", "05[IKE] <1> giving up after 5 retransmits")),
        {"ipsec": "fail"}, "peer-unreachable"),
    "log-unreadable": (
        together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL,
                 lambda texts: texts.say(show_log(texts.version), "", 1), said(SHOW_IKE, "garbage")),
        {"ipsec": "fail", "bgp": "fail", "interfaces": "ok", "ping": "fail"}, "peer-unreachable"),
    "narrow-path": (narrow(), {"ipsec": "ok", "bgp": "ok", "interfaces": "ok", "ping": "fail"}, "mtu"),
    "narrow-path-said": (narrow("From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)\n"), {"ping": "fail"}, "mtu"),
}
CASES = list(BROKEN)
# Two broken routers in a run, on other routers from group to group, never both ends of a tunnel.
GROUPS = [CASES[start : start + 2] for start in range(0, len(CASES), 2)]
PAIRS = [("nv-sdwan", "fra-branch1"), ("nv-branch1", "fra-sdwan"), ("fra-sdwan", "nv-sdwan"), ("fra-branch1", "nv-branch1")]


def peer_vti(name: str) -> str:
    return ROUTERS[ROUTERS[name].peer].vti


def assert_healthy(result: dict, name: str) -> None:
    one = result["results"][name]
    assert one["status"] == "Success", one
    assert {key: one["details"][key] for key in ("ipsec", "bgp", "interfaces")} == dict.fromkeys(
        ("ipsec", "bgp", "interfaces"), "ok"), one
    assert one["details"]["ping"][peer_vti(name)] == "ok"
    assert "diagnosis" not in one["details"]
    assert one["details"]["numbers"]["ping"][peer_vti(name)] == {"sent": 3, "received": 3, "loss": 0, "rtt_ms": 1.89}
    assert one["details"]["numbers"]["sa"][ROUTERS[name].peer].keys() == {"uptime_s", "bytes_in", "bytes_out"}


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
            + [f"lxc exec router -- ping -c 3 -W 2 {address}" for address in (peer.vti, peer.loopback)]
            + [f"lxc exec router -- ping -c 1 -W 2 -M do -s 1394 {peer.vti}"]), name


@pytest.mark.parametrize("version", VERSIONS)
def test_it_asks_why_only_where_an_sa_is_missing(lab: Lab, version: str) -> None:
    missing = together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL)
    verify(lab, version, {VICTIM: missing, "nv-sdwan": unreachable("vti")}, SDWAN_VERIFY_TIMEOUT="0")
    for name, router in ROUTERS.items():
        asked = [(home / "calls").read_text() for home in sorted((lab.folder / "hosts").glob(f"{router.instance_id}-*"))]
        assert len(asked) == (2 if name == VICTIM else 1), name
        for number, calls in enumerate(asked):
            assert (f" {SHOW_IKE}\n" in calls, f" {show_log(version)}\n" in calls) == (number == 1, number == 1), name


def test_a_log_leaves_the_host_short_and_without_secrets(lab: Lab) -> None:
    """What strongSwan logs at high levels, at the end of a log that is long, with a line that is longer."""
    secrets = ["04[CFG] loaded IKE secret: hunter2", "05[LIB] PSK => 7 bytes @ 0x7f", "05[LIB]    0: 68 75 6E 74 65 72 32  hunter2",
               "06[CFG] password=hunter2", '07[CFG] shared secret "hunter2"']

    def write(texts: Texts) -> None:
        together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL, no_ike)(texts)
        texts.log(*(f"01[JOB] old {number}" for number in range(20_000)), "02[JOB] " + "long" * 5000, *secrets,
                  "08[IKE] <1> tried 1 shared key for '10.0.0.1' - '10.0.0.2', but MAC mismatched")
    one = verify(lab, "1.4", {VICTIM: write}, SDWAN_VERIFY_TIMEOUT="0")["results"][VICTIM]
    whole = json.dumps(one)
    assert "hunter2" not in whole and "68 75 6E" not in whole
    assert "old 19999" in one["stdout"] and "old 19900" not in one["stdout"] and "long" * 200 not in one["stdout"]
    assert one["details"]["diagnosis"]["cause"] == "key-mismatch", one["details"]["diagnosis"]
    assert any("MAC mismatched" in line for line in one["details"]["diagnosis"]["evidence"])


def test_of_two_ends_the_one_that_has_the_cause_is_named(lab: Lab) -> None:
    peer = ROUTERS[VICTIM].peer
    silent = together(state("psk-mismatch", SHOW_SA, SHOW_CONNECTIONS, SHOW_BGP), NO_TUNNEL, no_ike)
    result = verify(lab, "1.5", {VICTIM: stopped, peer: silent}, SDWAN_VERIFY_TIMEOUT="0")
    found = {name: result["results"][name]["details"]["diagnosis"] for name in (VICTIM, peer)}
    assert (found[VICTIM]["cause"], found[VICTIM].get("at")) == ("router-down", None), found
    assert (found[peer]["cause"], found[peer].get("at")) == ("router-down", VICTIM), found
    assert result["summary"].startswith(f"{VICTIM}: router-down: "), result["summary"]
    assert f"{peer}: router-down at {VICTIM}: " in result["summary"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("group", GROUPS, ids="+".join)
def test_broken_routers_are_told_from_the_healthy_one(lab: Lab, group: list[str], version: str) -> None:
    victims = dict(zip(PAIRS[GROUPS.index(group) % len(PAIRS)], group))
    result = verify(lab, version, {name: BROKEN[case][0] for name, case in victims.items()})
    assert sorted(result["failed"]) == sorted(victims) and result["fail_count"] == len(victims)
    for name, case in victims.items():
        one = result["results"][name]
        assert one["status"] == "Failed" and one["stderr"] and name in result["summary"]
        details = one["details"] | {"ping": one["details"]["ping"].get(peer_vti(name))}
        assert {key: details[key] for key in BROKEN[case][1]} == BROKEN[case][1], (case, one)
        diagnosis = one["details"]["diagnosis"]
        assert diagnosis["cause"] == BROKEN[case][2] and diagnosis["evidence"] and diagnosis["hint"], (case, diagnosis)
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

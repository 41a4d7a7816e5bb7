"""What runs on a host does nothing on the data plane but what its own cards are for, and nobody else does anything."""

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.dataplane import connections, interfaces, routing, words
from local.dataplane import start as dataplane
from local.dataplane.operator import Operator
from local.dataplane.places import sockets
from local.dataplane.values import Refused
from local.fleet.sandbox import Sandbox
from local.processes import Daemons
from local.vyos import frr, marks, swanctl
from local.vyos.machine import SOCKET, Failed, ask
from local.vyos.network import World

from .conftest import BRANCH, HUB, Shell, configure, lines, router, shell_of
from .routers import Lab

OBSTACLE = dataplane.obstacle()
real = pytest.mark.skipif(OBSTACLE is not None, reason=f"no real data plane: {OBSTACLE}")
NOBODY = 65534
# A host's script that says something to the data plane, as JSON, and prints the answer.
SAY = """/opt/bin/python3 -S - <<'END'
import os, socket
with socket.socket(socket.AF_UNIX) as plane:
    plane.connect("/opt/plane/plane.sock")
    plane.sendall(os.environ["WORDS"].encode())
    plane.shutdown(socket.SHUT_WR)
    print(plane.makefile().read())
END"""
OWN, OTHERS = "eni-hub-6", "eni-branch-6"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder, daemons = tmp_path_factory.mktemp("plane"), Daemons()
    dataplane.start(daemons, folder)
    try:
        net = Lab(folder, "1.5", (HUB, BRANCH))
        net.make("hub")
        net.make("branch")
        yield net
    finally:
        daemons.stop()


def says(net: Lab, request: Any) -> dict[str, Any]:
    done = net.shells["hub"](SAY, WORDS=request if isinstance(request, str) else json.dumps(request))
    return json.loads(done.stdout)


@real
def test_a_host_asks_for_what_is_its_own(lab: Lab) -> None:
    assert '"ifname":"eth0"' in says(lab, {"op": "links", "card": OWN})["out"]


@real
@pytest.mark.parametrize("request_", [
    # no program
    {"op": "run", "card": OWN, "argv": ["touch", "/tmp/was-here"]},
    {"op": "start", "card": OWN, "name": "x", "argv": ["true"], "ready": []},
    # nothing that is the operator's
    {"op": "disturb", "card": OWN, "kind": "link-down"}, {"op": "repair", "card": OWN}, {"op": "repair"},
    {"op": "admit", "card": OWN, "host": "hub", "cards": {"ens8": {"id": OTHERS}}}, {"op": "__class__", "card": OWN},
    # nothing that is another's
    {"op": "links", "card": OTHERS}, {"op": "unplug", "card": OTHERS}, {"op": "ping", "card": OTHERS, "arguments": ["127.0.0.1"]},
    {"op": "plug", "card": OWN, "cards": {"eth0": OWN, "eth1": OTHERS}}, {"op": "plug", "card": OTHERS, "cards": {"eth0": OTHERS}},
    {"op": "plug", "card": OWN, "cards": {"eth0": "eni-hub-7"}}, {"op": "plug", "card": OWN, "cards": {"eth0 netns 1": OWN}},
    {"op": "links", "card": {"id": OWN}}, {"op": "links"}, {"op": "links", "card": OWN, "host": "branch"},
    # nothing that is no request
    [], "no JSON", "[" * 100_000, {"op": ["links"], "card": OWN}, {"card": OWN},
], ids=str)
def test_a_host_can_do_nothing_else(lab: Lab, request_: Any) -> None:
    assert [*says(lab, request_)] == ["error"]
    operator = lab.operator
    for card in (OWN, OTHERS):
        assert operator.machine(card).run("test", "-e", "/tmp/was-here").status == 1
        assert "eth0" in operator.machine(card).do("ip", "link", "show", "eth0")
    link = operator.machine(OWN).do("ip", "link", "show", "eth0")
    assert "NO-CARRIER" not in link


@real
def test_a_host_sees_its_own_socket_only(lab: Lab) -> None:
    find = "/usr/bin/find / -path /proc -prune -o -type s -print"
    assert lab.shells["hub"](find).stdout.split() == [f"/opt/plane/{SOCKET}"]
    assert lab.shells["hub"](f"lxc exec router -- {find}").stdout.split() == [f"/run/plane/{SOCKET}"]


@real
def test_a_host_can_be_another_nowhere(lab: Lab) -> None:
    """Not even where its root says that it has other cards, or none."""
    done = lab.shells["hub"](f"""echo '{{}}' >/opt/hardware/cards.json
rm -rf /opt/plane /opt/hardware
mount -o remount,bind,rw /opt/hardware && echo '{{"ens6": {{"id": "{OTHERS}"}}}}' >/opt/hardware/cards.json
umount /opt/hardware
true""")
    assert done.returncode == 0 and lab.hosts["hub"].cards["ens6"]["id"] == OWN
    assert says(lab, {"op": "links", "card": OTHERS}) == {"error": f"there is no card {OTHERS} in hub"}


def modes(folder: Path) -> set[tuple[str, int]]:
    kinds = {stat.S_IFDIR: "folder", stat.S_IFSOCK: "socket"}
    return {(kinds.get(stat.S_IFMT(path.lstat().st_mode), "file"), path.stat().st_mode & 0o777) for path in [folder, *folder.rglob("*")]}


CONNECT = """
import socket, sys
with socket.socket(socket.AF_UNIX) as plane:
    try:
        plane.connect(sys.argv[1])
        print("let in")
    except OSError as error:
        print(type(error).__name__)
"""


@real
def test_another_user_gets_to_no_socket() -> None:
    """Not even where the run's own folder is open to everybody."""
    daemons = Daemons()
    with tempfile.TemporaryDirectory(prefix="plane") as name:
        folder = Path(name)
        folder.chmod(0o755)
        dataplane.start(daemons, folder)
        try:
            host = Sandbox("h", folder / "hosts/h", folder / "wire")
            host.prepare()
            host.give_cards({"ens6": {"id": "eni-1", "region": "r", "mac": "", "address": "10.0.0.10/24"}})
            assert modes(sockets(folder)) == {("folder", 0o700), ("socket", 0o600)}
            assert host.folder.stat().st_mode & 0o777 == 0o700
            found = [path for path in sockets(folder).rglob("*") if path.is_socket()]
            assert len(found) == 2
            if os.geteuid() != 0:
                pytest.skip("SKIPPED in part: only root can start a program as another user")
            program = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", os.path.realpath(sys.executable), "-S"]
            for path in found:
                done = subprocess.run([*program, "-c", CONNECT, str(path)], capture_output=True, text=True, cwd="/", check=True)
                assert done.stdout == "PermissionError\n"
        finally:
            daemons.stop()


@real
def test_what_a_killed_data_plane_left_is_no_obstacle(tmp_path: Path) -> None:
    card = {"ens6": {"id": "eni-1", "region": "r", "mac": "", "address": "10.0.0.10/24"}}
    for _ in range(2):
        daemons = Daemons()
        dataplane.start(daemons, tmp_path)
        try:
            Operator(tmp_path).admit("h", card)
            assert len([path for path in sockets(tmp_path).rglob("*") if path.is_socket()]) == 2
        finally:
            daemons.stop()
    with pytest.raises(Failed, match="no data plane"):
        ask(sockets(tmp_path), op="repair")


@pytest.mark.parametrize("folder", ["/usr", "/opt/wire", "/opt/host", "/opt/hardware"])
def test_what_is_read_only_stays_so(host: Sandbox, sh: Shell, folder: str) -> None:
    """The root of a host has all capabilities there, and would be the machine's root where it can write."""
    done = sh(f"mount -o remount,bind,rw {folder}; umount {folder}; touch {folder}/.written && echo written; rm -f {folder}/.written")
    assert "written" not in done.stdout.split()
    assert sh("id -u").stdout == "0\n"


def test_a_host_writes_its_own_part_of_the_simulated_network(host: Sandbox, sh: Shell) -> None:
    other = Sandbox("other", host.folder.parent / "other", host.wire)
    other.prepare()
    other.give_cards({"ens6": {"id": "eni-other", "region": "r", "mac": "", "address": "10.0.9.10/24"}})
    done = sh("""cd /opt/wire
for file in elastic-ips.json cards/eni-other/router.json cards/eni-other/mtu.mark cards/eni-new/router.json cards/eni-6/router.json; do
  mkdir -p "${file%/*}" 2>/dev/null
  echo '{}' >"$file" && echo "$file"
done
mv cards/eni-other cards/eni-6/ && echo moved""")
    assert done.stdout.split() == ["cards/eni-6/router.json"]


def test_a_router_says_who_it_is_only_in_its_own_folder(tmp_path: Path) -> None:
    def publish(folder: str, card: str) -> None:
        place = marks.place(tmp_path, folder)
        place.mkdir(parents=True, exist_ok=True)
        (place / "router.json").write_text(json.dumps({"version": "1.5", "tree": {}, "changed": {}, "cards": {"eth0": {"id": card}}}))
    publish("eni-1", "eni-1")
    publish("eni-2", "eni-1")
    assert [*World.read(tmp_path).routers] == ["eni-1"]
    publish("eni-1", "eni-2")
    assert [*World.read(tmp_path).routers] == []


# Each is one thing that a host could try, with the value in which it would be.
@pytest.mark.parametrize("change", [
    {"updown": "/bin/sh"}, {"proposals": "aes256\n  }\n}\ninclude /etc/shadow"}, {"local": {"auth": "psk", "id": 'a"\nb'}},
    {"local": {"auth": "psk", "id": "x", "certs": "/etc/shadow"}}, {"children": {"c": {"updown": "/bin/sh"}}},
    {"children": {"c {\n": {}}}, {"children": {"include": "/etc/shadow"}}, {"version": 2}, {"local_addrs": ["10.0.0.1"]}], ids=str)
def test_a_connection_names_no_program_and_no_file(change: dict[str, Any]) -> None:
    good = {"version": "2", "local": {"auth": "psk", "id": "x"}, "remote": {"auth": "psk", "id": "C=DE, CN=a b"}, "children": {"c": {}}}
    assert connections.checked({"connections": {"a": good}, "secrets": {}}, "vti0", "1.5")
    with pytest.raises(Refused):
        connections.checked({"connections": {"a": {**good, **change}}, "secrets": {}}, "vti0", "1.5")


@pytest.mark.parametrize("secret, is_refused", [
    ("same-key", False), ("a b {c} # = $d", False), ("a\\\\b", False), ('a\\"b', False), ("a\\b", False), ("ünïcödé", False),
    ('a"b', True), ("a\\", True), ('a\\\\"b', True), ("a\nb", True), ("a\\\nb", True), (7, True)])
def test_a_secret_ends_at_its_quote(secret: Any, is_refused: bool) -> None:
    wanted = {"connections": {}, "secrets": {"ike-1": {"id-1": "a", "id-2": "b", "secret": secret}}}
    try:
        text = connections.text(connections.checked(wanted, "vti0", "1.5"))
        assert not is_refused and f'secret = "{secret}"\n' in text
    except Refused:
        assert is_refused


def test_who_adds_more_beside_the_connections_is_refused() -> None:
    for wanted in ({"connections": {}, "secrets": {}, "include": "/etc/shadow"}, {"connections": {}, "secrets": {"private": {"file": "x"}}},
                   {"connections": {}}, []):
        with pytest.raises(Refused):
            connections.checked(wanted, "vti0", "1.5")


@pytest.mark.parametrize("line", [
    "log file /etc/cron.d/x", "start-shell bash", "do start-shell bash", "do write", "copy x y", "output file /tmp/x", "no log file x",
    "network 10.0.0.0/8\nlog file x", "ip route 10.0.0.0/8 blackhole\r!", "line vty", "password x", "debug bgp", "find x", "", 7])
def test_frr_hears_routing_and_nothing_else(line: Any) -> None:
    routing.checked([[["router bgp 65001", frr.FAMILY], ["network 10.0.0.0/8"]]])
    with pytest.raises(Refused):
        routing.checked([[["router bgp 65001", frr.FAMILY], [line]]])
    with pytest.raises(Refused):
        routing.checked([[[line], ["network 10.0.0.0/8"]]])


@pytest.mark.parametrize("arguments", [
    ["-f", "10.0.0.1"], ["-F", "10.0.0.1"], ["-c", "-f", "10.0.0.1"], ["-c"], ["-c", "1;id", "10.0.0.1"], ["--help"], ["a b"],
    "10.0.0.1", [7]])
def test_ping_takes_no_other_option(arguments: Any) -> None:
    assert words.ping(["-c", "3", "-W", "2", "-M", "do", "-s", "1394", "-I", "10.0.0.1", "-n", "10.0.0.2"])
    with pytest.raises(Refused):
        words.ping(arguments)


@pytest.mark.parametrize("arguments", [
    [], ["--raw"], ["--load-all"], ["--load-creds", "--raw"], ["--list-sas", "--file", "/etc/shadow"],
    ["--list-sas", "--uri", "unix:///run/x"], ["--list-sas", "x"], ["--list-sas", "--initiate"], ["--initiate", "--child"],
    ["--initiate", "--child", "--uri"], ["--initiate", "--child", "a b"], "--list-sas",
    [["x"]]])
def test_swanctl_lists_initiates_and_terminates(arguments: Any) -> None:
    assert words.swanctl(["--initiate", "--child", "peer-203-0-113-2-tunnel-vti", "--timeout", "10"])
    assert words.swanctl(["--terminate", "--ike", "branch", "--force", "--timeout", "1"])
    assert words.swanctl(["--raw", "--list-sas", "--ike", "x"])
    with pytest.raises(Refused):
        words.swanctl(arguments)


@pytest.mark.parametrize("name, change", [
    ("eth0 netns 1", {}), ("eth1", {}), ("vti0\n", {}), ("lo", {"addresses": ["10.0.0.1"]}),
    ("lo", {"addresses": ["10.0.0.1/24 dev eth0\nlink del lo"]}), ("lo", {"addresses": ["fe80::1%x\n/64"]}),
    ("lo", {"addresses": "10.0.0.1/24"}), ("lo", {"addresses": {"10.0.0.1/24": 1}}),
    ("lo", {"mtu": "1500"}), ("lo", {"mtu": -1}), ("lo", {"mtu": True}), ("lo", {"up": "up"})])
def test_an_interface_is_one_of_the_routers(name: str, change: dict[str, Any]) -> None:
    good = {"addresses": ["10.0.0.1/24", "2001:db8::1/64"], "mtu": 1500, "up": True}
    assert set(interfaces.checked({"eth0": good, "vti0": good, "dum3": good, "lo": good}, {"eth0"})) == {"eth0", "vti0", "dum3", "lo"}
    with pytest.raises(Refused):
        interfaces.checked({name: {**good, **change}}, {"eth0"})


@pytest.mark.parametrize("change", [{"gateway": "10.0.0.1 dev lo"}, {"gateway": None}, {"interface": "x"}, {"metric": "1"},
                                    {"metric": None}], ids=str)
def test_a_default_route_is_one(change: dict[str, Any]) -> None:
    good = {"gateway": "10.0.0.1", "interface": "eth0", "metric": 210}
    assert interfaces.default_route(None, {"eth0"}) == []
    assert interfaces.default_route(good, {"eth0"}) == ["route replace default via 10.0.0.1 dev eth0 metric 210"]
    for wrong in ({**good, **change}, []):
        with pytest.raises(Refused):
            interfaces.default_route(wrong, {"eth0"})


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_what_our_own_routers_say_is_let_in(version: str) -> None:
    near = router(version, HUB, configure(version, lines(version, HUB, BRANCH)))
    tree = connections.checked(swanctl.render(near, "vti0"), "vti0", version)
    assert re.search(rf"updown = \S+ vti0 {re.escape(version)}\n|updown = \"\S+ vti0 {re.escape(version)}\"\n", connections.text(tree))
    assert routing.checked(json.loads(json.dumps([*frr.render(near).items()]))) == frr.render(near)


def test_a_host_puts_no_file_of_the_machine_elsewhere(host: Sandbox, sh: Shell) -> None:
    """What the run writes for a host lies where the host can't put a link."""
    outside = host.folder.parent / "outside"
    outside.mkdir()
    assert sh(f"rm -rf /run/hardware /var/lib/amazon; ln -s {outside} /run/hardware; ln -s {outside} /var/lib/amazon").returncode == 0
    host.give_cards(host.cards)
    assert shell_of(host)("true").returncode == 0 and not [*outside.iterdir()]

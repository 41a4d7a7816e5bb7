"""A commit or a boot that is killed at any moment leaves a router that the next one makes right."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from local.dataplane import start as dataplane
from local.processes import Daemons
from local.vyos.lock import LOCKED
from local.vyos.machine import Failed

from .conftest import BRANCH, HUB, Shell, lines
from .routers import CONFIGURE, Lab, eventually

OBSTACLE = dataplane.obstacle()
real = pytest.mark.skipif(OBSTACLE is not None, reason=f"no real data plane: {OBSTACLE}")
LINES = lines("1.3", HUB, BRANCH)
PEER = f"vpn ipsec site-to-site peer {BRANCH['eip']}"
GONE = ("delete interfaces vti vti0", "delete protocols bgp 65001")
PATIENCE = 20.0
# What is there in a router once a commit has come so far.
BEGUN = {"a VTI's namespace": "[ -e /run/netns/vti0 ]", "its charon": "[ -e /run/vti0.vici ]",
         "its connections": "[ -e /run/own/vti0.swanctl ]", "its routing": "grep -q 65001 /run/own/commands"}
ENDED = {"its device": "! ip link show vti0", "its routing": "grep -q 'no router bgp' /run/own/commands"}
BOOTED = [("[ -e /run/own/frr/bgpd.conf ]", ""), ("[ -e /run/own/updown ]", "lxc stop router --force; lxc start router"),
          ("[ -e /run/frr/zebra.vty ]", "")]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder, daemons = tmp_path_factory.mktemp("killed"), Daemons()
    dataplane.start(daemons, folder)
    try:
        net = Lab(folder, "1.3", (HUB, BRANCH))
        net.make("hub")
        net.make("branch")
        assert net.set("branch", *(f"set {line}" for line in lines("1.3", BRANCH, HUB)))[0] == 0
        yield net
    finally:
        daemons.stop()


@pytest.fixture()
def empty(lab: Lab) -> Lab:
    """The hub as it boots."""
    assert lab.shells["hub"]("lxc stop router --force; lxc start router").returncode == 0
    return lab


def killed(lab: Lab, text: str, once: str) -> None:
    """Start a host's script and kill it with everything that it has started, as soon as a test succeeds in its router."""
    script = lab.hosts["hub"].root / "tmp/killed.sh"
    script.write_text('#!/bin/bash\nexport PATH="$PATH:/snap/bin"\n' + text + "\n")
    script.chmod(0o700)
    process = subprocess.Popen(lab.hosts["hub"].command(["/tmp/killed.sh"], {}), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + PATIENCE
    try:
        while not has(lab, once):
            assert process.poll() is None, "it has ended before it came so far"
            assert time.monotonic() < deadline, "it does not come so far"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def has(lab: Lab, test: str) -> bool:
    """Whether a test succeeds in the hub's router; not where there is none."""
    try:
        return lab.machines["hub"].run("sh", "-c", test).status == 0
    except Failed:
        return False


def commit(*paths: str) -> str:
    return CONFIGURE.format(lines="\n".join(f"/opt/vyatta/sbin/my_{path}" for path in paths))


def is_well(lab: Lab) -> None:
    """What a router's own commit can do for that. FRR's second attempt to connect comes after two minutes."""
    eventually(lambda: lab.show("hub", "vpn ipsec sa"), " up ")
    eventually(lambda: lab.machines["hub"].run("ping", "-c", "1", "-W", "1", BRANCH["vti"]).out, " 0% packet loss")
    assert f"neighbor {BRANCH['vti']} remote-as" in lab.machines["hub"].do("vtysh", "-c", "show running-config")
    links = lab.machines["hub"].do("ip", "-brief", "link")
    assert [line.split("@")[0].split()[0] for line in links.splitlines() if "vti" in line] == ["down-vti0", "vti0"], links
    assert lab.machines["hub"].do("sh", "-c", "ls /run/netns").split() == ["vti0"]


@real
@pytest.mark.parametrize("begun", BEGUN)
def test_the_next_commit_does_what_a_killed_one_began(empty: Lab, begun: str) -> None:
    wanted = [f"set {line}" for line in LINES]
    killed(empty, commit(*wanted), BEGUN[begun])
    status, text = empty.set("hub", *wanted)
    # it may have been done when it was killed
    assert status == 0 or "No configuration changes to commit" in text, text
    is_well(empty)


@real
@pytest.mark.parametrize("ended", ENDED)
def test_the_next_commit_removes_what_a_killed_one_began_to(empty: Lab, ended: str) -> None:
    assert empty.set("hub", *(f"set {line}" for line in LINES))[0] == 0
    # a peer goes before its VTI
    assert empty.set("hub", f"delete {PEER}")[0] == 0
    killed(empty, commit(*GONE), ENDED[ended])
    status, text = empty.set("hub", *GONE)
    assert status == 0 or "No configuration changes to commit" in text, text
    assert "vti" not in empty.machines["hub"].do("ip", "-brief", "link")
    assert "65001" not in empty.machines["hub"].do("vtysh", "-c", "show running-config")
    assert empty.set("hub", *(f"set {line}" for line in LINES))[0] == 0
    is_well(empty)


@real
def test_the_next_commit_undoes_what_a_killed_one_began(empty: Lab) -> None:
    """What is committed counts, not what a killed commit has left: a line of another section is enough."""
    killed(empty, commit(*(f"set {line}" for line in LINES)), BEGUN["its routing"])
    if "vti0" in empty.show("hub", "configuration"):
        pytest.skip("SKIPPED: the commit was faster than its killer")
    status, text = empty.set("hub", "set system host-name other")
    assert status == 0, text
    assert "vti" not in empty.machines["hub"].do("ip", "-brief", "link")
    assert "65001" not in empty.machines["hub"].do("vtysh", "-c", "show running-config")


@real
@pytest.mark.parametrize("booted, then", BOOTED)
def test_a_killed_boot_is_done_once_more(empty: Lab, booted: str, then: str) -> None:
    assert empty.shells["hub"]("lxc stop router --force").returncode == 0
    killed(empty, "lxc start router", booted)
    empty.shells["hub"](then)
    status, text = empty.set("hub", *(f"set {line}" for line in LINES))
    assert status == 0, text
    is_well(empty)


# What there may be of a VTI, of FRR or of a boot, whoever made it.
LEFT = """ip netns add vti0
ip link add down-vti0 type veth peer name nobody
ip tuntap add dev vti0 mode tun
echo 1 >/run/charon.pid
touch /run/vti0.vici /run/own/vti0.disabled /run/own/vti0.swanctl.new
ln -sf /run/vti0.vici /run/charon.vici
ip rule add pref 1000 from all lookup 1000"""


@real
@pytest.mark.parametrize("left", [LEFT, "mkdir -p /run/netns; touch /run/netns/vti0"])
def test_what_is_left_of_a_vti_is_no_obstacle(empty: Lab, left: str) -> None:
    empty.machines["hub"].do("sh", "-c", left)
    status, text = empty.set("hub", *(f"set {line}" for line in LINES))
    assert status == 0, text
    is_well(empty)


@real
def test_a_charon_that_died_is_made_anew_by_the_next_commit(empty: Lab) -> None:
    assert empty.set("hub", *(f"set {line}" for line in LINES))[0] == 0
    empty.machines["hub"].do("sh", "-c", "for each in /proc/[0-9]*; do [ \"$(cat $each/comm 2>/dev/null)\" != charon ] || "
                             "[ \"$(readlink $each/ns/mnt)\" != \"$(readlink /proc/self/ns/mnt)\" ] || kill -9 ${each#/proc/}; done")
    status, text = empty.set("hub", "set system host-name other")
    assert status == 0, text
    is_well(empty)


def test_a_second_commit_is_refused_while_there_is_one(router_host: Shell, vbash: Shell) -> None:
    """The lock goes with its process, however that ends."""
    answer = vbash("""configure
set system host-name other
/usr/bin/flock /opt/vyatta/config/.lock sleep 600 &
until ! /usr/bin/flock -n /opt/vyatta/config/.lock true; do sleep 0.02; done
/opt/vyatta/sbin/my_commit
echo "status $?"
commit
echo "status $?"
kill -9 $(ps -o pid= -C sleep,flock)
wait 2>/dev/null
/opt/vyatta/sbin/my_commit
echo "status $?" """)
    assert answer.stdout == f"{LOCKED}status 1\n{LOCKED}status 0\nstatus 0\n", answer

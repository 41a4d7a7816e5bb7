"""Phase 1's packages with real apt, dpkg and needrestart, in a small Debian that debootstrap has made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from killing.debian import WAITS, WANTED, Debian, NoDebian

# Of the Debian, there is one.
pytestmark = pytest.mark.xdist_group("debian")
KILLED = -9
# What is tried again for minutes on a host has its time cut here.
SHORT = {"patiently 120": "patiently 6", "patiently 240": "patiently 6", 'Timeout "60"': 'Timeout "1"', "sleep 5": "sleep 0.2"}
QUICK = {"sleep 5": "sleep 0.2"}
LISTS, ARCHIVES, FRONTEND = "/var/lib/apt/lists/lock", "/var/cache/apt/archives/lock", "/var/lib/dpkg/lock-frontend"
AGENT = """#!/bin/sh
### BEGIN INIT INFO
# Provides: agent
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
# Short-Description: what runs the scripts
### END INIT INFO
case $1 in
  start) LD_PRELOAD=/usr/lib/tiny.so /usr/sbin/agent infinity </dev/null >/dev/null 2>&1 & echo $! >/srv/agent ;;
  stop) kill "$(cat /srv/agent)" ;;
  restart) $0 stop; $0 start ;;
  status) kill -0 "$(cat /srv/agent)" ;;
esac
"""


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    try:
        made = Debian(tmp_path_factory.mktemp("debian"))
    except NoDebian as reason:
        pytest.skip(f"SKIPPED: NO REAL APT AND DPKG HERE: {reason}")
    try:
        for name in WANTED:
            waits = {script: WAITS.replace("{script}", script) for script in ("preinst", "postinst")} if name == "jq" else {}
            made.package(name, "1", "tiny" if name == "curl" else "", scripts=waits)
        made.package("tiny", "1", files={"/usr/lib/tiny.so": (library(made, "libutil.so.1"), 0o644)})
        yield made
    finally:
        made.stop()


def library(debian: Debian, name: str) -> str:
    return "@" + debian.do(f"ls /lib/*/{name}").strip()


@pytest.fixture(autouse=True)
def bare(debian: Debian) -> None:
    """No package, no list, nothing in the way."""
    debian.do("rm -f /srv/hang-* /srv/reached; dpkg --configure -a; rm -rf /var/lib/apt/lists/*; "
              f"dpkg --purge --force-all {' '.join(WANTED)} tiny", check=False)
    debian.mend_mirrors()
    debian.kill_at(0)


def is_done(debian: Debian) -> bool:
    states = debian.do(f"dpkg-query -W -f '${{Status}}\\n' {' '.join(WANTED)}", check=False).splitlines()
    return states == ["install ok installed"] * len(WANTED) and not debian.do("dpkg --audit")


def test_the_packages_are_installed(debian: Debian) -> None:
    done = debian.run()
    assert done.returncode == 0 and done.stdout == "sdwan: ready\n" and is_done(debian), done.stdout


@pytest.mark.parametrize("script", ["preinst", "postinst"])
def test_a_dpkg_that_was_killed_is_brought_to_its_end(debian: Debian, script: str) -> None:
    (debian.shared / f"hang-{script}").touch()
    process = debian.begin({})
    debian.wait_for("reached")
    debian.do('kill -9 -- "-$(cat /srv/steps/group)"', check=False)
    assert process.wait(60) == KILLED
    (debian.shared / f"hang-{script}").unlink()
    assert debian.do("dpkg --audit") and not is_done(debian)
    done = debian.run()
    assert done.returncode == 0 and is_done(debian), done.stdout


def test_killed_at_every_command(debian: Debian) -> None:
    assert debian.run().returncode == 0
    points = [(step, when, moment) for step in range(1, len(debian.calls()) + 1)
              for when, moment in (("during", 0.05), ("during", 0.3), ("during", 0.7), ("after", 0))]
    assert len(points) >= 12
    for step, when, moment in points:
        debian.do(f"rm -rf /var/lib/apt/lists/*; dpkg --purge {' '.join(WANTED)}")
        killed = debian.run({}, step, when, moment)
        assert killed.returncode == KILLED, (step, when, moment, killed.stdout)
        done = debian.run(QUICK)
        assert done.returncode == 0 and is_done(debian), (step, when, moment, done.stdout)


@pytest.mark.parametrize("lock", [LISTS, ARCHIVES, FRONTEND])
def test_a_lock_of_somebody_else_is_waited_for(debian: Debian, lock: str) -> None:
    debian.do("apt-get update")
    with debian.locked(lock):
        process = debian.begin(QUICK)
        with pytest.raises(Exception, match="timed out"):
            process.wait(3)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and is_done(debian), said


@pytest.mark.parametrize("lock, name", [(LISTS, LISTS), (ARCHIVES, ARCHIVES), (FRONTEND, "dpkg frontend lock")])
def test_a_lock_that_stays_is_named(debian: Debian, lock: str, name: str) -> None:
    debian.do("apt-get update")
    with debian.locked(lock):
        done = debian.run(SHORT)
    assert done.returncode == 1 and name in done.stdout and not is_done(debian), done.stdout


def test_a_mirror_that_is_away(debian: Debian) -> None:
    debian.add_mirror("http://127.0.0.1:9/debian")
    # The real one calls that a success.
    debian.do("apt-get update")
    done = debian.run(SHORT)
    assert done.returncode == 1 and "apt-get update" in done.stdout and "127.0.0.1:9" in done.stdout, done.stdout
    # And one that comes back while the script waits.
    back = threading.Timer(3, debian.mend_mirrors)
    back.start()
    done = debian.run(QUICK)
    back.join()
    assert done.returncode == 0 and is_done(debian), done.stdout


def test_needrestart_leaves_the_agent_alone(debian: Debian) -> None:
    debian.package("agent", "1", files={"/usr/sbin/agent": ("@/bin/sleep", 0o755), "/etc/init.d/agent": (AGENT, 0o755)})
    debian.package("tiny", "2", files={"/usr/lib/tiny.so": (library(debian, "libdl.so.2"), 0o644)})
    debian.package("curl", "2", "tiny (>= 2)")
    debian.do("echo \"\\$nrconf{restart} = 'a';\" >/etc/needrestart/conf.d/mode.conf; apt-get update; "
              # Services are started and stopped here, as on a system that has booted.
              "printf '#!/bin/sh\\nexit 0\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d")

    def restarts(install: Callable[[], object]) -> bool:
        """Whether a new library under the agent restarts it."""
        debian.do("apt-get install -y --allow-downgrades agent tiny=1; /etc/init.d/agent start; sleep 0.2", NEEDRESTART_SUSPEND="1")
        process = debian.do("cat /srv/agent")
        install()
        assert debian.do("dpkg-query -W -f '${Version}' tiny") == "2"
        has_restarted = debian.do("cat /srv/agent") != process
        debian.do('kill "$(cat /srv/agent)"')
        return has_restarted

    try:
        # The real one does, as Ubuntu sets it up; and each of our two variables stops it.
        assert restarts(lambda: debian.do("apt-get install -y tiny"))
        for variable in ({"NEEDRESTART_MODE": "l"}, {"NEEDRESTART_SUSPEND": "1"}):
            assert not restarts(lambda variable=variable: debian.do("apt-get install -y tiny", **variable))
        assert not restarts(debian.run)
    finally:
        debian.do("rm -f /etc/needrestart/conf.d/mode.conf; dpkg --purge agent", check=False)

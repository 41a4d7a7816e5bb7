"""Whether this machine can have a real data plane, and how one is started."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .operator import Operator
from .places import sockets
from .tunnels import PLUGIN, WIDEN

if TYPE_CHECKING:
    from ..processes import Daemons

CHARON, ZEBRA, BGPD = "/usr/lib/ipsec/charon", "/usr/lib/frr/zebra", "/usr/lib/frr/bgpd"
PROGRAMS = ("ip", "nft", "nsenter", "ping", "swanctl", "sysctl", "unshare", "vtysh", CHARON, ZEBRA, BGPD)
ATTEMPT = f"""set -e
mount -t tmpfs tmpfs /run
ip link add probe0 type veth peer name probe1
ip tuntap add dev probe2 mode tun
printf 'table ip t {{ chain c {{ type filter hook prerouting priority -300; ip daddr 192.0.2.1 ip daddr set 192.0.2.2; }}
chain d {{ type filter hook forward priority 0; numgen random mod 100 < 30 drop; ip length > 1400 drop; }}
}}' | nft -f -
unshare --net --mount --uts true
mkdir /run/own
{WIDEN}"""
READY_SECONDS = 20.0


def own_namespaces() -> list[str]:
    """The argv in front of a program that may do as it likes with networks, as any user."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["env", f"PATH={path}", "unshare", *user, "--net", "--mount", "--uts", "--pid", "--fork",
            "--kill-child", "--mount-proc", "--"]


def obstacle() -> str | None:
    """Why there can't be a real data plane here; None if there can."""
    for program in PROGRAMS:
        if not shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
            return f"{Path(program).name} is not installed"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun is missing or not for this user"
    if not Path(PLUGIN).exists():
        return f"{Path(PLUGIN).name} of strongSwan is not installed"
    tried = subprocess.run([*own_namespaces(), "sh", "-c", ATTEMPT], capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, timeout=20, check=False)
    if tried.returncode != 0:
        return "it is refused: " + ((tried.stderr.strip().splitlines() or ["no reason given"])[-1])
    return None


def start(daemons: "Daemons", folder: Path) -> None:
    """Start the data plane of a run and wait until it listens."""
    from ..processes import StartFailed

    log = folder / "dataplane.log"
    (folder / "wire").mkdir(parents=True, exist_ok=True)
    # one that was killed may have left its sockets
    shutil.rmtree(sockets(folder), ignore_errors=True)
    package = Path(__file__).resolve().parents[2]
    process = daemons.start([*own_namespaces(), sys.executable, "-m", "local.dataplane.server", str(folder)],
                            {**os.environ, "PYTHONPATH": str(package)}, log)
    deadline = time.monotonic() + READY_SECONDS
    while not Operator(folder).is_there:
        if process.poll() is not None or time.monotonic() > deadline:
            raise StartFailed(f"the data plane did not start; see {log}")
        time.sleep(0.02)


if __name__ == "__main__":
    reason = obstacle()
    print(reason or "")
    sys.exit(1 if reason else 0)

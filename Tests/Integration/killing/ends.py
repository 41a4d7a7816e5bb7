"""What a good end is."""

from __future__ import annotations

from .world import CARDS, World

# Of phase 2's configuration, a line of each part.
CONFIGURED = ("interfaces vti vti0 ", "vpn ipsec ", "protocols bgp ", "interfaces loopback lo ")


def router_end(world: World, end: str) -> str:
    """What is not as it should be after a run that succeeded; nothing where all is well. The end is `base`, a router as phase
    1 leaves it, or `configured`, as phase 2 does."""
    return _host(world) or _configuration(world, end) or commits_overlap(world)


def _host(world: World) -> str:
    containers = world.containers()
    if containers != {"router": "RUNNING"}:
        return f"containers: {containers}"
    if not world.do("lxc config get router user.sdwan-state").strip():
        return "the router has no mark"
    if world.do("lxc config get router boot.autostart").strip() != "true":
        return "the router does not start with its host"
    cards = world.inside("cat /sys/class/net/eth0/address /sys/class/net/eth1/address").split()
    if cards != [CARDS["ens6"], CARDS["ens7"]]:
        return f"cards: {cards}"
    images = world.do("lxc image list --format csv -c F").split()
    aliases = dict(line.split(",")[:2] for line in world.do("lxc image alias list --format csv").split())
    if len(images) != 1 or set(aliases) != {"sdwan", "vyos"}:
        return f"images: {images}, aliases: {aliases}"
    if left := world.leftovers().split():
        return f"left over: {left}"
    if secrets := world.inside("ls /tmp").split():
        return f"left over in the router: {secrets}"
    return ""


def _configuration(world: World, end: str) -> str:
    running = world.inside("cat /config/running").splitlines()
    saved = [line.removeprefix("set ") for line in world.inside("cat /config/config.boot").splitlines() if line.startswith("set ")]
    if sorted(set(saved)) != sorted(set(running)):
        return f"what is saved is not what runs: {saved}, {running}"
    if "interfaces ethernet eth0 description OUTSIDE" not in running:
        return "the base configuration is not there"
    there = [part for part in CONFIGURED if any(line.startswith(part) for line in running)]
    wanted = list(CONFIGURED) if end == "configured" else []
    if there != wanted:
        return f"the configuration has {there} of {wanted}"
    if world.inside("ls /run/sdwan-unconfirmed.pid 2>/dev/null || true").strip():
        return "the configuration still waits for its confirmation"
    return ""


def commits_overlap(world: World) -> str:
    """Two commits never overlap: each that began has ended before the next one begins, and ends before a run does."""
    running = ""
    for line in world.inside("cat /config/commits 2>/dev/null || true").splitlines():
        verb, process = line.split()
        if verb == "begin" and running:
            return f"commit {process} began while {running} ran"
        if verb == "end" and process != running:
            return f"commit {process} ended while {running or 'none'} ran"
        running = process if verb == "begin" else ""
    return f"commit {running} has not ended" if running else ""

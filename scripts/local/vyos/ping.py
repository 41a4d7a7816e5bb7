"""`ping` of iputils: its report and its exit status."""

from .model import Router
from .network import World

ROUND_TRIP_MS = 0.8


def ping(world: World, near: Router, arguments: list[str]) -> tuple[int, str, str]:
    """(exit status, stdout, stderr); the time it would take is printed, not waited for."""
    count, wait, target = 3, 10, ""
    words = iter(arguments)
    for word in words:
        if word in ("-c", "-W", "-w", "-i", "-I", "-s"):
            number = next(words, "")
            if word == "-c":
                count = int(number)
            if word == "-W":
                wait = int(float(number))
        elif not word.startswith("-"):
            target = word
    if not target:
        return 2, "", "ping: usage error: Destination address required\n"
    answered = world.answers(near, target)
    lines = [f"PING {target} ({target}) 56(84) bytes of data."]
    if answered:
        lines += [f"64 bytes from {target}: icmp_seq={n} ttl=64 time={ROUND_TRIP_MS} ms" for n in range(1, count + 1)]
    loss, received = (0, count) if answered else (100, 0)
    spent = (count - 1) * 1000 + (0 if answered else wait * 1000)
    lines += ["", f"--- {target} ping statistics ---",
              f"{count} packets transmitted, {received} received, {loss}% packet loss, time {spent}ms"]
    lines.append("rtt min/avg/max/mdev = " + "/".join([f"{ROUND_TRIP_MS:.3f}"] * 3) + "/0.000 ms" if answered else "")
    return (0 if answered else 1), "\n".join(lines) + "\n", ""

"""Who may see the page: a browser of this machine that was given its address, and no other page.

The rules are those of the emulators (emulators/door.py), but for what a browser says of itself: here it is wanted.
"""

import hmac
from collections.abc import Mapping

# Nothing that is shown changes anything.
METHODS = ("GET", "HEAD")
OWN_SITES = ("none", "same-origin")


def refusal(method: str, path: str, headers: Mapping[str, str], port: int, key: str) -> tuple[int, str] | None:
    """A status and a reason; None for one that may see it. Names of headers are in lower case."""
    hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
    if headers.get("host", "") not in hosts:
        return 403, "It was sent to another host"
    if headers.get("origin", f"http://{hosts[0]}") not in [f"http://{host}" for host in hosts]:
        return 403, "It comes from another page"
    if headers.get("sec-fetch-site", "none") not in OWN_SITES:
        return 403, "It comes from another page"
    given = path.split("/")[1] if path.startswith("/") else ""
    if not hmac.compare_digest(given.encode(), key.encode()):
        return 404, "There is nothing here"
    if method not in METHODS:
        return 405, "It can be looked at, no more"
    return None

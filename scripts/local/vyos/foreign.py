"""What other people have on the same router: tunnels, BGP neighbors and interfaces that are none of ours."""

from typing import Any

from .show_bgp import Neighbor
from .show_interfaces import Interface
from .show_ipsec import Listed

PARTNER, SITE = "198.51.100.20", "2001:db8::2"
CHILD = {"state": "INSTALLED", "install-time": "549", "bytes-in": "7340032", "bytes-out": "9437184", "packets-in": "8000",
         "packets-out": "9000", "encr-alg": "AES_CBC", "encr-keysize": "256", "integ-alg": "HMAC_SHA1_96", "dh-group": "MODP_1024"}
# A neighbor that waits for its peer, one whose peer speaks no IPv4 unicast, one without a policy.
NEIGHBORS = [Neighbor("192.0.2.6", "64502", 118, 121, 212_640, "(Policy)", "(Policy)", "(main) transit"),
             Neighbor("*2001:db8::192:0:2:202", "64443", 118, 121, 306, "NoNeg", "NoNeg"),
             Neighbor("192.0.2.77", "65077", 0, 0, None, "Active", "0", "link to the (old) house")]
INTERFACES = [Interface("dum6", ["2001:db8:1f18:4a00:7c3e:91ff:fe52:aa10/128"], "02:00:00:00:00:13", "1500", "u/u", "v6 loopback"),
              Interface("wg0", ["192.0.2.209/29"], "n/a", "1420", "u/u", "people who work at home"),
              Interface("vti77", ["192.0.2.201/30"], "n/a", "1436", "A/D", "")]


def _names(is_old: bool) -> list[tuple[str, str, str]]:
    """Connection, child and address: a partner without a local id, a site that is reached by IPv6."""
    if is_old:
        return [(f"peer-{address}-tunnel-0", f"peer-{address}-tunnel-0", address) for address in (PARTNER, SITE)]
    return [("OFFICE-B", "OFFICE-B-tunnel-0", PARTNER), ("V6SITE", "V6SITE-tunnel-0", SITE)]


def conns(is_old: bool) -> Listed:
    return [(name, {"version": "IKEv1", "remote_addrs": [address], "local-1": {}, "remote-1": {"id": f"C=DE, O=Partner, CN={name}"},
                    "children": {child: {"local-ts": ["192.168.0.0/24"], "remote-ts": ["10.0.0.0/21"]}}})
            for name, child, address in _names(is_old)]


def sas(is_old: bool) -> Listed:
    """The partner's is up, the site's not."""
    (name, child, address), _ = _names(is_old)
    sa: dict[str, Any] = {**{key: CHILD[key] for key in ("encr-alg", "encr-keysize", "integ-alg", "dh-group")},
                          "version": "1", "state": "ESTABLISHED", "local-host": "10.0.0.10", "local-id": "10.0.0.10",
                          "remote-host": address, "remote-id": f"C=DE, O=Partner, CN={name}", "established": "7549",
                          "rekey-time": "19800", "child-sas": {"1": {**CHILD, "name": child}}}
    return [(name, sa)]

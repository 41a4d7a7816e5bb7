"""What the tables of a hub with as many tunnels as a router may have take, packed as phase 3's scripts pack them.

Nothing repeats itself here: addresses, names and counters are drawn by lot. What is tested is the arithmetic of
Sources/SDWAN/Verification/Questions.swift: each of these fits into what Run Command keeps.
"""

import base64
import gzip
import random
import re
from typing import Any

import pytest

from local.network_file import REPO
from local.vyos import show_bgp, show_ike, show_interfaces, show_ipsec
from local.vyos.show_bgp import BgpRoute, Neighbor, Summary
from local.vyos.show_interfaces import Interface

TUNNELS = 400
KEPT = 24_000
# Characters of a packed table that a tunnel takes; for the diagnosis beside a log.
WEIGHTS = {"ipsec-sa": 54, "ipsec-connections": 57, "bgp-summary": 40, "interfaces": 21, "ip-route-bgp": 27, "ike-sa": 40}
CIPHER = {"encr-alg": "AES_CBC", "encr-keysize": "256", "integ-alg": "HMAC_SHA2_256_128"}


def _packed(text: str) -> int:
    return len(base64.encodebytes(gzip.compress(text.encode(), 9)))


def _tables(version: str, lot: random.Random) -> dict[str, str]:
    def count(low: int, high: int) -> str:
        return str(lot.randrange(low, high))

    def address() -> str:
        return ".".join(count(1, 255) for _ in range(4))

    is_old = version == "1.3"
    names = ["branch-" + "".join(lot.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=8)) for _ in range(TUNNELS)]
    vtis = [f"169.254.{count(0, 256)}.{lot.randrange(64) * 4 + 2}" for _ in names]
    conns: list[tuple[str, dict[str, Any]]] = []
    sas: list[tuple[str, dict[str, Any]]] = []
    for name in names:
        eip, private, everything = address(), address(), ["0.0.0.0/0", "::/0"]
        conn = f"peer-{eip}-tunnel-vti" if is_old else name
        child = conn if is_old else f"{name}-vti"
        conns.append((conn, {"version": "IKEv2", "remote_addrs": [eip], "local-1": {"id": "10.0.0.10"}, "remote-1": {"id": private},
                             "children": {child: {"local-ts": everything, "remote-ts": everything}}}))
        installed = {"name": child, "state": "INSTALLED", "install-time": count(1, 3600), **CIPHER,
                     **{f"{what}-{way}": count(10 ** 4, 10 ** 9) for what in ("bytes", "packets") for way in ("in", "out")}}
        sas.append((conn, {"state": "ESTABLISHED", "version": "2", "remote-host": eip, "remote-id": private, "local-host": "10.0.0.10",
                           "local-id": "10.0.0.10", "dh-group": "MODP_2048", "nat-local": "yes", "established": count(1, 3000),
                           "rekey-time": count(20_000, 28_000), "child-sas": {"1": installed}, **CIPHER}))
    neighbors = [Neighbor(vti, count(4_200_000_000, 4_200_010_000), lot.randrange(10, 9999), lot.randrange(10, 9999),
                          lot.randrange(60, 90_000), count(1, 9), str(TUNNELS), name) for vti, name in zip(vtis, names)]
    tables = {
        "ipsec-sa": show_ipsec.sa(is_old, conns, sas),
        "bgp-summary": show_bgp.summary(Summary("10.255.0.1", 65001, TUNNELS, TUNNELS, neighbors), version),
        "interfaces": show_interfaces.format_interfaces(
            [Interface(f"vti{n}", [f"{vti}/30"], "n/a", "1422", "u/u", names[n]) for n, vti in enumerate(vtis)], is_old),
        "ip-route-bgp": show_bgp.routes([BgpRoute(f"{address()}/32", vti, f"vti{n}", lot.randrange(60, 90_000))
                                         for n, vti in enumerate(vtis)], version)}
    return tables if is_old else tables | {"ipsec-connections": show_ipsec.connections(conns, sas), "ike-sa": show_ike.new(sas)}


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_every_table_fits_into_what_run_command_keeps(version: str) -> None:
    for name, text in _tables(version, random.Random(version)).items():
        assert _packed(text) <= WEIGHTS[name] * TUNNELS < KEPT, (name, _packed(text))


def test_the_weights_are_those_of_the_function() -> None:
    source = (REPO / "Sources/SDWAN/Verification/Questions.swift").read_text()
    names = dict(re.findall(r'case (\w+) = "([\w-]+)"', source))
    assert {names[case]: int(weight) for case, weight in re.findall(r"case \.(\w+): (\d+) \* tunnels", source)} == WEIGHTS

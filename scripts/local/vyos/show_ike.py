"""`show vpn ike sa`: 1.3's script reads `ipsec statusall`, the later one charon's control socket."""

from typing import Any

from .model import Router
from .show_ipsec import Listed
from .table import natural
from .tree import get, value

OLD_HEAD = f"{'Peer ID / IP':40}{'Local ID / IP':28}\n{'-' * 12:40}{'-' * 13}\n"
OLD_COLUMNS = """
    State  IKEVer  Encrypt  Hash    D-H Group      NAT-T  A-Time  L-Time
    -----  ------  -------  ----    ---------      -----  ------  ------
"""
HEAD = """\
Peer ID / IP                            Local ID / IP
------------                            -------------
"""
COLUMNS = """

    State  IKEVer  Encrypt      Hash          D-H Group      NAT-T  A-Time  L-Time
    -----  ------  -------      ----          ---------      -----  ------  ------
"""
GROUPS = {"MODP_768": "1", "MODP_1024": "2", "MODP_1536": "5", "MODP_2048": "14", "MODP_3072": "15", "MODP_4096": "16",
          "MODP_6144": "17", "MODP_8192": "18", "ECP_256": "19", "ECP_384": "20", "ECP_521": "21"}
DAY, HOUR, MINUTE = 86_400, 3600, 60


def new(sas: Listed) -> str:
    """1.4 and later: one block for each IKE SA, whatever its state; nothing where there is none."""
    return "".join(_block(sa) for _, sa in sas)


def not_running() -> str:
    """What 1.4 and later say; 1.3 says nothing."""
    return "IPsec Process NOT Running\n"


def _block(sa: dict[str, Any]) -> str:
    ends = [sa[f"{end}-host"] + (f" {sa[f'{end}-id']}" if sa.get(f"{end}-id", "%any") != "%any" else "") for end in ("remote", "local")]
    cipher = "_".join(sa[part] for part in ("encr-alg", "encr-keysize") if part in sa) or "n/a"
    cells = ("up" if sa["state"] == "ESTABLISHED" else "down", f"IKEv{sa['version']}", cipher, sa.get("integ-alg", "n/a"),
             sa.get("dh-group", "n/a"), sa.get("nat-local", "no"), sa.get("established", "0"), sa.get("rekey-time", "0"))
    row = "    {:6} {:6}  {:12} {:13} {:14} {:6} {:7} {:7}\n\n".format(*cells)
    return HEAD + "{:39} {:39}\n".format(*ends) + COLUMNS + row


def old(router: Router, sas: Listed) -> str:
    """1.3: one block for each configured peer, up or down; of several IKE SAs the last one's row."""
    text, listed = "", dict(sas)
    for peer in sorted(router.peers(), key=lambda peer: natural([peer.address])):
        sa = listed.get(f"peer-{peer.name}-tunnel-vti", {})
        ike = get(router.tree, "vpn", "ipsec", "ike-group", _group(router, peer.name))
        text += OLD_HEAD + f"{peer.address:39} {_local(router, peer.local_address):39}\n"
        description = value(get(router.tree, "vpn", "ipsec", "site-to-site", "peer", peer.name), "description")
        if description:
            text += f"\n    Description: {description}\n"
        text += OLD_COLUMNS + _old_row(sa, int(value(ike, "lifetime") or "28800")) + "\n \n"
    return text


def _old_row(sa: dict[str, Any], lifetime: int) -> str:
    if not sa:
        # charon's status does not say the version in a way that the script understands
        cells = ("down", "N/A", "n/a", "n/a", "n/a(n/a)", "no", "0", "n/a")
    else:
        group, is_up = sa.get("dh-group", "n/a"), sa["state"] == "ESTABLISHED"
        left = _in_its_largest_unit(int(sa.get("rekey-time", "0")))
        cells = ("up" if is_up else "down", f"IKEv{sa['version']}", _old_cipher(sa), _old_hash(sa.get("integ-alg", "n/a")),
                 f"{GROUPS.get(group, group)}({group})", "no", str(lifetime - left if is_up else 0), str(lifetime if is_up else "n/a"))
    return "    {:6} {:6}  {:8} {:7} {:14} {:6} {:7} {:7}\n".format(*cells)


def _in_its_largest_unit(seconds: int) -> int:
    """`rekeying in 7 hours` is all that the script knows of 27,900 s."""
    for unit in (DAY, HOUR, MINUTE):
        if seconds > 2 * unit:
            return seconds // unit * unit
    return seconds


def _old_cipher(sa: dict[str, Any]) -> str:
    name = sa.get("encr-alg", "n/a")
    return name.split("_")[0].lower() + sa["encr-keysize"] if "encr-keysize" in sa else name


def _old_hash(name: str) -> str:
    return name.partition("_")[2].lower().replace("sha2_", "sha") or name


def _group(router: Router, peer: str) -> str:
    return value(get(router.tree, "vpn", "ipsec", "site-to-site", "peer", peer), "ike-group")


def _local(router: Router, address: str) -> str:
    return "0.0.0.0" if address == "any" else address

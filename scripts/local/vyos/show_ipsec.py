"""`show vpn ipsec sa` and `show vpn ipsec connections`, from what charon's control socket lists.

`conns` and `sas` are the answers of `list-conns` and `list-sas` in their order, each under its name.
"""

from typing import Any

from .table import human_time, natural, simple

Listed = list[tuple[str, dict[str, Any]]]
SA_HEADERS = ["Connection", "State", "Uptime", "Bytes In/Out", "Packets In/Out", "Remote address", "Remote ID", "Proposal"]
CONNECTION_HEADERS = ["Connection", "State", "Type", "Remote address", "Local TS", "Remote TS", "Local id", "Remote id", "Proposal"]

# 1.4 and later, of the connections; the program ends with 1.
NOT_INITIALIZED = "IPsec not initialized\n"


def not_running(is_old: bool) -> str:
    return "IPSec Process NOT Running\n\n" if is_old else "IPsec process not running\n"


def no_connections(is_old: bool) -> str:
    """Of the connections, where the daemon does not run."""
    return not_running(is_old) if is_old else NOT_INITIALIZED


def sa(is_old: bool, conns: Listed, sas: Listed) -> str:
    return simple(SA_HEADERS, sorted(_old_rows(conns, sas) if is_old else _rows(sas), key=natural))


def _old_rows(conns: Listed, sas: Listed) -> list[list[str]]:
    """1.3 keeps one IKE SA of a name, the last one, and one child of a name in it: what is up in another one
    is shown as down."""
    last, rows = dict(sas), []
    for name, conn in conns:
        if name not in last:
            continue
        ike = last[name]
        installed = {c["name"]: c for c in ike["child-sas"].values() if c["state"] == "INSTALLED"}
        for child in conn["children"]:
            if child not in installed:
                rows.append([child, "down", *["N/A"] * 6])
                continue
            remote_id = "N/A" if ike["remote-id"] == ike["remote-host"] else ike["remote-id"]
            state = "up" if ike["state"] == "ESTABLISHED" else "down"
            rows.append([child, state, *_counters(installed[child]), ike["remote-host"], remote_id, _esp(installed[child])])
    return rows


def _rows(sas: Listed) -> list[list[str]]:
    """1.4 and later list every child of every IKE SA, in whatever state it is."""
    return [[child["name"], "up" if child["state"] == "INSTALLED" else "down", *_counters(child),
             ike.get("remote-host", "N/A"), ike.get("remote-id", "N/A"), _esp(child)]
            for _, ike in sas for child in ike["child-sas"].values()]


def _counters(child: dict[str, Any]) -> list[str]:
    if "install-time" not in child:
        return ["N/A"] * 3
    size = [_human(int(child[f"bytes-{way}"]), 1024) for way in ("in", "out")]
    packets = [_human(int(child[f"packets-{way}"]), 1000).rstrip("B") for way in ("in", "out")]
    return [human_time(float(child["install-time"])), "/".join(size), "/".join(packets)]


def _human(count: int, step: int) -> str:
    """Whole steps, rounded down."""
    for unit, size in (("T", step ** 4), ("G", step ** 3), ("M", step ** 2), ("K", step)):
        if count >= size:
            return f"{count // size}{unit}"
    return f"{count}B"


def _esp(child: dict[str, Any]) -> str:
    cipher = "_".join(child[part] for part in ("encr-alg", "encr-keysize") if part in child)
    return "/".join([cipher, *(child[part] for part in ("integ-alg", "dh-group") if part in child)]) or "N/A"


def connections(conns: Listed, sas: Listed) -> str:
    """Every configured connection, its IKE SA and its children. Of several IKE SAs any may say that it
    is up, but the first one alone has the proposals and the children."""
    rows = []
    for name, conn in conns:
        own = [ike for found, ike in sas if found == name]
        first: dict[str, Any] = own[0] if own else {"child-sas": {}}
        ids = [conn["local-1"].get("id", ""), conn["remote-1"].get("id", "")]
        remote, is_up = ",".join(conn["remote_addrs"]), any(ike["state"] == "ESTABLISHED" for ike in own)
        rows.append([name, _up(is_up), conn["version"], remote, "-", "-", *ids, _proposal(first)])
        for child, options in conn["children"].items():
            installed = [c for c in first["child-sas"].values() if c["name"] == child and c["state"] == "INSTALLED"]
            rows.append([child, _up(bool(installed)), "IPsec", remote, "\n".join(options["local-ts"]),
                         "\n".join(options["remote-ts"]), *ids, _proposal(installed[-1] if installed else {})])
    return simple(CONNECTION_HEADERS, rows)


def _up(is_up: bool) -> str:
    return "up" if is_up else "down"


def _proposal(sa: dict[str, Any]) -> str:
    """`AES_CBC/256/HMAC_SHA2_256_128/MODP_2048`; a part that is not there is None."""
    if "encr-alg" not in sa:
        return "-"
    cipher = "_".join(sa["encr-alg"].split("_")[:2])
    return "/".join([cipher, *(str(sa.get(part)) for part in ("encr-keysize", "integ-alg", "dh-group"))])

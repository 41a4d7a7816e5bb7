"""Networks of any size, and what phase 3 would say of them."""

from ipaddress import IPv4Address
from typing import Any

Report = dict[str, Any]
REGIONS = ("us-east-1", "eu-central-1", "ap-south-1")


def network(hubs: int, branches: int, regions: int = 2) -> dict[str, Any]:
    """A topology: in each region so many hubs with so many branches each."""
    routers, tunnels = {}, []
    for region in REGIONS[:regions]:
        for hub in range(hubs):
            names = [f"{region[:2]}{hub}-hub", *(f"{region[:2]}{hub}-branch{number}" for number in range(branches))]
            for name in names:
                routers[name] = {"region": region, "role": "sdwan" if name == names[0] else "branch",
                                 "loopback": f"{IPv4Address('10.255.0.1') + len(routers)}/32", "asn": 4_200_000_000 + len(routers)}
            for number, branch in enumerate(names[1:]):
                base = IPv4Address("169.254.4.0") + 4 * len(tunnels)
                tunnels.append({"name": f"t-{branch}", "ends": [
                    {"router": names[0], "vti": f"vti{number}", "address": f"{base + 1}/30"},
                    {"router": branch, "vti": "vti0", "address": f"{base + 2}/30"}]})
    return {"routers": routers, "tunnels": tunnels}


def ping(loss: int) -> dict[str, Any]:
    return {"sent": 3, "received": 3 - round(3 * loss / 100), "loss": loss} | ({"rtt_ms": 1.25} if loss < 100 else {})


def check(area: str, name: str, health: str) -> dict[str, Any]:
    return {"area": area, "name": name, "health": health, "seen": "x"}


STATES = ("well", "poor", "ill", "unknown")


def said(topology: dict[str, Any], states: dict[str, str], words: str = "AUTH_FAILED", hint: str = "compare the keys") -> Report:
    """A report of an execution that found each tunnel (by name) in a state; those that are not named are well."""
    found: dict[str, dict[str, Any]] = {name: {"checks": [], "numbers": {"ping": {}}, "interfaces": "ok"} for name in topology["routers"]}
    causes: dict[str, str] = {}
    for tunnel in topology["tunnels"]:
        state = states.get(tunnel["name"], "well")
        ends = tunnel["ends"]
        for own, far in (ends, ends[::-1]):
            address, details = far["address"].partition("/")[0], found[own["router"]]
            health = {"well": "ok", "poor": "ok", "ill": "fail", "unknown": "unknown"}[state]
            details["checks"].append(check("ipsec", f"tunnel to {far['router']}", health))
            details["checks"].append(check("bgp", f"neighbor {address}", "ok" if state == "well" else "fail"))
            if state != "unknown":
                details["numbers"]["ping"][address] = ping({"well": 0, "poor": 33, "ill": 100}[state])
            if state != "well":
                causes[own["router"]] = {"poor": "loss", "ill": "key-mismatch", "unknown": "unreadable"}[state]
    results = {name: {"status": "Failed" if name in causes else "Success", "stderr": "", "details": details}
               for name, details in found.items()}
    for name, cause in causes.items():
        results[name]["details"] |= {"reasons": [words], "diagnosis": {
            "cause": cause, "confidence": "certain", "evidence": [words], "hint": hint, "folds": ["neighbor 169.254.4.1"]}}
    result = {"phase": "phase3", "success_count": len(results) - len(causes), "fail_count": len(causes), "failed": sorted(causes),
              "summary": words, "results": results}
    failure = {"status": "FAILED", "error": "Phase.RoutersFailed", "cause": words} if causes else {}
    return failure | {"phase3_result": result}

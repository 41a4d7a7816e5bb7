"""What is wrong with the simulated world on purpose, so that a run can show that it is noticed."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

OTHER_PSK = "/sdwan-local/other-psk"
KINDS = {
    "psk-mismatch": "one router's host gets another pre-shared key than its peer",
    "offline-host": "one host's agent does not answer Systems Manager",
    "commit-fails": "one router's IPsec daemon refuses its configuration, so its commit fails",
}


@dataclass(frozen=True)
class Faults:
    """Names of hosts without an agent, and environment that only some hosts have."""

    offline: list[str] = field(default_factory=list)
    host_environment: dict[str, dict[str, str]] = field(default_factory=dict)


def of_kind(kind: str, router: str) -> Faults:
    """The fault of a name, given to one router."""
    if kind == "offline-host":
        return Faults(offline=[router])
    if kind == "commit-fails":
        return Faults(host_environment={router: {"SDWAN_LOCAL_DEFECT": "ipsec-daemon"}})
    aliases = json.dumps({"/sdwan-secrets/vpn-psk": OTHER_PSK})
    return Faults(host_environment={router: {"SDWAN_LOCAL_PARAMETER_ALIASES": aliases}})


def _file(folder: Path) -> Path:
    return folder / "faults.json"


def write(folder: Path, faults: Faults) -> None:
    """Leave them where the emulator, another process, reads them."""
    _file(folder).write_text(json.dumps(asdict(faults)))


def read(folder: Path) -> Faults:
    return Faults(**json.loads(_file(folder).read_text())) if _file(folder).exists() else Faults()

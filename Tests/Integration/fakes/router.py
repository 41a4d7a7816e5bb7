"""What a router prints for the show commands, made from captured texts for any router and state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures" / "vyos"
_CAPTURED = ("10.10.1.10", "10.20.1.10", "203.0.113.2", "10.255.0.1", "10.255.1.1",
             "169.254.100.1", "169.254.100.2", "65001", "65002")
_ANY = re.compile(r"(?<![\d.])(" + "|".join(map(re.escape, _CAPTURED)) + r")(?![\d.])(/\d+)?( *)")
PING_OK = (FIXTURES / "ping-ok.txt").read_text()
PING_FAIL = (FIXTURES / "ping-fail.txt").read_text()
FULL_SIZE_OK = (FIXTURES / "full-size-ping-ok.txt").read_text()
FULL_SIZE_FAIL = (FIXTURES / "full-size-ping-fail.txt").read_text()

SHOW_SA, SHOW_BGP, SHOW_INTERFACES = "show vpn ipsec sa", "show ip bgp summary", "show interfaces"
SHOW_ROUTES, SHOW_CONNECTIONS = "show ip route bgp", "show vpn ipsec connections"
SHOW_IKE = "show vpn ike sa"
_FILES = {SHOW_SA: "ipsec-sa", SHOW_BGP: "bgp-summary", SHOW_INTERFACES: "interfaces",
          SHOW_ROUTES: "ip-route-bgp", SHOW_CONNECTIONS: "ipsec-connections"}


def captured(version: str, command: str, state: str) -> str:
    """1.5 prints what 1.4 prints. Where no text was captured for a state, the healthy one stands in."""
    release = "1.3" if version == "1.3" else "1.4"
    path = FIXTURES / f"{release}-{_FILES[command]}-{state}.txt"
    return (path if path.exists() else FIXTURES / f"{release}-{_FILES[command]}-healthy.txt").read_text()


def show_log(version: str) -> str:
    """What the dialect calls the IPsec log; the other one's words are no command there."""
    return "show log vpn ipsec" if version == "1.3" else "show log ipsec"


_IKE_UP = "\n".join((
    "Peer ID / IP                            Local ID / IP               ",
    "------------                            -------------",
    "203.0.113.2 10.20.1.10                  10.10.1.10 10.10.1.10                  ",
    "", "",
    "    State  IKEVer  Encrypt      Hash          D-H Group      NAT-T  A-Time  L-Time",
    "    -----  ------  -------      ----          ---------      -----  ------  ------",
    "    up     IKEv2   AES_CBC_256  HMAC_SHA2_256_128 MODP_2048      yes    41      0      ",
    "", ""))


def _is_fitted(text: str) -> bool:
    """Whether columns fit their cells; those of 1.3's `show interfaces` are fixed."""
    return not text.startswith("Codes:") or "MAC" in text


def _fit(cell: str, width: int) -> str:
    """Numbers stand on the right."""
    return cell.strip().rjust(width) if cell.startswith(" ") and cell.strip() else cell.rstrip().ljust(width)


class Texts:
    """The answers of one router: command → (text, exit status)."""

    def __init__(self, version: str, router, peer, state: str = "healthy") -> None:
        self.version, self.router, self.peer = version, router, peer
        self._names = dict(zip(_CAPTURED, (
            router.private_ip, peer.private_ip, peer.eip, router.loopback, peer.loopback,
            router.vti, peer.vti, str(router.asn), str(peer.asn)), strict=True))
        commands = list(_FILES) if version != "1.3" else [one for one in _FILES if one != SHOW_CONNECTIONS]
        self.answers: dict[str, tuple[str, int]] = {
            command: (self.rename(captured(version, command, state)), 0) for command in commands}
        # Asked only where an SA is missing.
        self.answers |= {SHOW_IKE: (self.rename(_IKE_UP), 0), show_log(version): ("", 0)}
        self.unreachable: set[str] = set()
        # Addresses that small packets reach and large ones don't, and what ping says about that.
        self.narrow: dict[str, str] = {}
        # What the tools on the way write to their standard error at every question.
        self.noise = ""
        self.stopped = False

    def rename(self, text: str) -> str:
        """The captured addresses replaced; columns widen as the printing program would widen them."""
        rule = re.search(r"(?m)^-+(?:  -+)+$", text)
        if rule and _is_fitted(text):
            return self._refit(text, rule)
        return _ANY.sub(lambda match: self._padded(match), text)

    def _padded(self, match: re.Match) -> str:
        new = self._names[match[1]] + (match[2] or "")
        return new.ljust(len(match[0]) - 1) + " " if match[3] else new

    def _refit(self, text: str, rule: re.Match) -> str:
        """A table whose columns are as wide as their widest cell: cut, renamed, and set anew."""
        spans = [match.span() for match in re.finditer("-+", rule[0])]
        lines = text.splitlines()
        at = lines.index(rule[0])
        rows = [[_ANY.sub(lambda match: self._names[match[1]] + (match[2] or ""), line[start:end]) for start, end in spans]
                for line in lines[at - 1 : at] + lines[at + 1 :]]
        widths = [max(end - start, *(len(row[number].rstrip()) for row in rows)) for number, (start, end) in enumerate(spans)]
        cells = [[_fit(cell, width) for cell, width in zip(row, widths)] for row in rows]
        cells.insert(1, ["-" * width for width in widths])
        return "".join(line + "\n" for line in lines[: at - 1] + ["  ".join(row).rstrip() for row in cells])

    def edit(self, command: str, pattern: str, replacement: str) -> None:
        """Change a text; a pattern that is not there is a mistake of the test."""
        text, status = self.answers[command]
        changed, count = re.subn(pattern, replacement, text)
        assert count, f"{pattern!r} is not in {text!r}"
        self.answers[command] = (changed, status)

    def say(self, command: str, text: str, status: int = 0) -> None:
        self.answers[command] = (text, status)

    def ping(self, address: str) -> tuple[str, int]:
        lost = address in self.unreachable
        text = PING_FAIL.replace("169.254.100.2", address) if lost else PING_OK.replace("10.255.1.1", address)
        return text, int(lost)

    def full_size_ping(self, address: str) -> tuple[str, int]:
        lost = address in self.unreachable or address in self.narrow
        text = (FULL_SIZE_FAIL if lost else FULL_SIZE_OK).replace("169.254.100.2", address)
        return text.replace("data.\n", f"data.\n{self.narrow.get(address, '')}"), int(lost)

    def log(self, *lines: str) -> None:
        """What strongSwan wrote last."""
        self.say(show_log(self.version), "".join(f"Nov 26 08:07:24 router charon[2436]: {line}\n" for line in lines))


def write(texts: Texts, folder: Path, addresses: Mapping[str, object] | set[str]) -> None:
    """The files from which the stand-in `lxc` answers: NAME.out, NAME.status and noise."""
    folder.mkdir(parents=True, exist_ok=True)
    answers = {command.replace(" ", "-"): answer for command, answer in texts.answers.items()}
    answers |= {f"ping-{address}": texts.ping(address) for address in addresses}
    answers |= {f"full-size-ping-{address}": texts.full_size_ping(address) for address in addresses}
    for name, (text, status) in answers.items():
        (folder / f"{name}.out").write_text(text)
        (folder / f"{name}.status").write_text(f"{status}\n")
    (folder / "noise").write_text(texts.noise)
    if texts.stopped:
        (folder / "stopped").touch()

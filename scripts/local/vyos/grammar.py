"""Which configuration paths a release of VyOS knows, and what their values must look like."""

import re
from pathlib import Path

LINE = re.compile(r"(?P<indent> *)(?:(?P<only>1\.[34]):)?(?P<name>[-a-z0-9]+)(?: <(?P<tag>.+)>| (?P<kind>[=*]) (?P<type>.+))?$")
PATTERNS = {
    "text": r".+", "name": r"[-_a-zA-Z0-9.]+", "mac": r"(?i:[0-9a-f]{2}(:[0-9a-f]{2}){5})",
    "cipher": r"null|(aes|camellia)(128|192|256)[a-z0-9]*|3des|chacha20poly1305",
    "digest": r"md5(_128)?|sha1(_160)?|sha256(_96)?|sha384|sha512|aes[a-z0-9]+",
}


class Refused(Exception):
    """A path or value that `set` does not take; the text is VyOS's complaint."""


def shown(path: list[str]) -> str:
    """The accepted part of a path, before the word in brackets."""
    return "".join(word + " " for word in path)


class Node:
    """One node: `kind` is node, tag, value or values."""

    def __init__(self, name: str, kind: str, value_type: str) -> None:
        self.name = name
        self.kind = kind
        self.type = value_type
        self.children: dict[str, Node] = {}

    @property
    def takes_value(self) -> bool:
        return self.kind != "node"


class Grammar:
    """The tree of nodes of one release, if need be without those of a name (that have none below them)."""

    def __init__(self, version: str, without: str = "") -> None:
        self.version = version
        self.root = Node("", "node", "")
        release = "1.3" if version == "1.3" else "1.4"
        stack, skipped = [self.root], 99
        for line in (Path(__file__).parent / "grammar.txt").read_text().splitlines():
            match = None if line.startswith("#") else LINE.match(line)
            if match is None or match["name"] == without:
                continue
            depth = len(match["indent"]) // 2
            if depth > skipped:
                continue
            skipped = depth if match["only"] not in (None, release) else 99
            if skipped == depth:
                continue
            kind = "tag" if match["tag"] else {"=": "value", "*": "values", None: "node"}[match["kind"]]
            node = Node(match["name"], kind, match["tag"] or match["type"] or "")
            del stack[depth + 1:]
            stack[depth].children[node.name] = node
            stack.append(node)

    def check(self, path: list[str]) -> None:
        """Raise Refused unless `set PATH` would be taken."""
        node, at = self.root, 0
        while at < len(path):
            if path[at] not in node.children:
                raise Refused(f"Configuration path: {shown(path[:at])}[{path[at]}] is not valid")
            node, at = node.children[path[at]], at + 1
            if not node.takes_value:
                continue
            if at == len(path):
                raise Refused(f"Configuration path: [{' '.join(path)}] requires a value")
            self._check_value(node, path, at)
            at += 1
            if node.kind != "tag" and at < len(path):
                raise Refused(f"Configuration path: {shown(path[:at])}[{path[at]}] is not valid")

    def _check_value(self, node: Node, path: list[str], at: int) -> None:
        value = path[at]
        where = " ".join(path[:at])
        for mark in ("'", '"', "\n"):
            if mark in value:
                raise Refused(f"Cannot use the {mark!r} character in a value string")
        kind = node.type
        if kind == "peer":
            kind = r"ip|@.+|0\.0\.0\.0|any" if self.version == "1.3" else r"[-_a-zA-Z0-9|@]+"
        if not any(matches(part, value) for part in split_choices(kind)):
            raise Refused(f"Invalid value\nValue validation failed: {where} [{value}]")


def split_choices(kind: str) -> list[str]:
    """Alternatives of a type; a bar inside brackets is part of a pattern."""
    return re.split(r"\|(?![^\[]*\])", kind)


def matches(kind: str, value: str) -> bool:
    """Whether a value is of a named type, in a range, or of a pattern."""
    bounds = re.fullmatch(r"(\d+)-(\d+)", kind)
    if bounds:
        return value.isdigit() and int(bounds[1]) <= int(value) <= int(bounds[2])
    if kind in ("ip", "net", "host"):
        return _address(kind, value)
    return re.fullmatch(PATTERNS.get(kind, kind), value, re.DOTALL) is not None


def _address(kind: str, value: str) -> bool:
    octets, slash, length = value.partition("/")
    parts = octets.split(".")
    if len(parts) != 4 or not all(p.isdigit() and p == str(int(p)) and int(p) < 256 for p in parts):
        return False
    if kind == "ip":
        return not slash
    if not slash or not length.isdigit() or int(length) > 32:
        return False
    number = sum(int(p) << shift for p, shift in zip(parts, (24, 16, 8, 0)))
    is_network = number % (1 << (32 - int(length))) == 0
    return is_network if kind == "net" else not is_network or int(length) >= 31

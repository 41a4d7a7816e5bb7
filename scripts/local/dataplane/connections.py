"""The connections of a VTI's strongSwan.

swanctl.conf can name programs that strongSwan runs and files that it reads. So a router says what its connections are,
and the text is written here: only with what is known, and with nothing that ends a value.
"""

import re
from typing import Any

from ..vyos.machine import Failed
from . import tunnels, values
from .namespace import Namespace
from .values import Refused

END, CHILD = {"auth", "id"}, {"local_ts", "remote_ts", "mode", "esp_proposals", "life_time", "close_action", "start_action", "dpd_action"}
CONNECTION = {"version", "local_addrs", "remote_addrs", "proposals", "rekey_time", "mobike", "dpd_delay", "keyingtries", "unique"}
SECRET = {"id-1", "id-2", "secret"}
PLAIN = re.compile(r"[A-Za-z0-9_.,:/%@+*-]+")
# No quote ends it before its end.
QUOTED = re.compile(r'(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*')
RELEASE = re.compile(r"1\.[0-9]")
WRITE = 'umask 077; cat >"$1"'
Tree = dict[str, Any]


def checked(wanted: Any, vti: str, release: Any) -> Tree:
    """A VTI's `connections` and `secrets`, each child with VyOS's hook that raises and lowers the VTI. Raises Refused."""
    if not values.table(wanted):
        return {}
    hook = f"{tunnels.UPDOWN} {vti} {values.text(release, RELEASE, 'release')}"
    connections = {_name(name): _connection(values.table(body), hook) for name, body in _only(wanted, {"connections", "secrets"},
                                                                                             "connections").items()}
    secrets = {_name(name): _values(body, SECRET) for name, body in values.table(wanted.get("secrets")).items()}
    return {"connections": connections, "secrets": secrets}


def load(space: Namespace, vti: str, new: Tree, old: Tree) -> None:
    """Make them those of `new`, and end what only `old` has."""
    file = f"/run/own/{vti}.swanctl"
    draft = f"{file}.new"
    space.script(WRITE, draft, stdin=text(new))
    loaded = tunnels.swanctl(space, vti, "--load-all", "--noprompt", "--file", draft)
    # it ends with 0 even when it can't read the file
    if loaded.status != 0 or "invalid config file" in loaded.err:
        raise Failed(last_words(loaded.err or loaded.out))
    space.do("mv", draft, file)
    for name in old.get("connections", {}):
        if name not in new.get("connections", {}):
            tunnels.swanctl(space, vti, "--terminate", "--force", "--timeout", "1", "--ike", name)


def text(tree: Tree, depth: int = 0) -> str:
    """swanctl.conf."""
    pad, written = "  " * depth, ""
    for name, below in tree.items():
        if isinstance(below, dict):
            written += f"{pad}{name} {{\n{text(below, depth + 1)}{pad}}}\n"
        else:
            written += f"{pad}{name} = {below}\n"
    return written


def last_words(said: str) -> str:
    return " ".join(line.strip() for line in said.strip().splitlines()[-3:])


def _only(table: Tree, known: set[str], of: str) -> Tree:
    """The part `of` of a table that has nothing unknown."""
    unknown = set(table) - known
    if unknown:
        raise Refused(f"{', '.join(sorted(unknown))}: unknown here")
    return values.table(table.get(of))


def _name(name: str) -> str:
    return values.text(name, values.CONNECTION, "name of a connection")


def _connection(body: Tree, hook: str) -> Tree:
    children = _only(body, CONNECTION | {"local", "remote", "children"}, "children")
    return {**_values({name: value for name, value in body.items() if name in CONNECTION}, CONNECTION),
            "local": _values(body.get("local"), END), "remote": _values(body.get("remote"), END),
            "children": {_name(name): {**_values(child, CHILD), "updown": hook} for name, child in children.items()}}


def _values(table: Any, known: set[str]) -> dict[str, str]:
    found = {}
    for name, value in values.table(table).items():
        if name not in known:
            raise Refused(f"{name!r}: unknown here")
        found[name] = _written(name, value)
    return found


def _written(name: str, value: Any) -> str:
    if name == "secret":
        # as the release writes it between its quotes
        return f'"{values.text(value, QUOTED, "text between quotes")}"'
    if isinstance(value, str) and (PLAIN.fullmatch(value) or not value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"') if isinstance(value, str) else value
    return f'"{values.text(escaped, QUOTED, "value")}"'

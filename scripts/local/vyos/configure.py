"""The programs that change the configuration, and cli-shell-api."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from . import tree
from .box import Box
from .session import SESSION_VARIABLE, Session


def answer(status: int, text: str) -> int:
    sys.stdout.write(text)
    return status


def init(box: Box, _: list[str]) -> int:
    """Boot: what config.boot says is what runs."""
    return answer(0, "".join(f"{complaint}\n" for complaint in box.boot()))


def my_set(box: Box, path: list[str]) -> int:
    return _edit(box, lambda session: session.set(path))


def my_delete(box: Box, path: list[str]) -> int:
    return _edit(box, lambda session: session.delete(path))


def my_commit(box: Box, _: list[str]) -> int:
    return _edit(box, Session.commit)


def my_discard(box: Box, _: list[str]) -> int:
    return _edit(box, Session.discard)


def vyos_load(box: Box, arguments: list[str]) -> int:
    return _edit(box, lambda session: session.load(Path(arguments[0] if arguments else box.config_boot)))


def vyos_save(box: Box, arguments: list[str]) -> int:
    """Exits 0 even when it refuses, as `save` does."""
    session = _session(box)
    if session.changed():
        print("Warning: you have uncommitted changes that will not be saved.\n")
    return answer(0, box.save(Path(arguments[0]) if arguments else None) + "\n")


def cli_shell_api(box: Box, arguments: list[str]) -> int:
    """The subcommands that scripts use, with their exit statuses."""
    session, command, path = _session(box), arguments[0] if arguments else "", arguments[1:]
    if command == "getSessionEnv":
        # a process id alone comes back: an aborted script's session must not become another's
        return answer(0, f"export {SESSION_VARIABLE}={path[0]}-{time.time_ns()}\n")
    if command == "setupSession":
        reason = session.open()
        if reason:
            sys.stderr.write(reason + "\n")
        return 1 if reason else 0
    if command == "teardownSession":
        session.close()
        return 0
    if command == "inSession":
        return 0 if session.is_open else 1
    if command == "sessionChanged":
        return 0 if session.changed() else 1
    active = box.committed()["tree"]
    working = session.proposed() if session.is_open else active
    if command == "showConfig":
        return _show(box, active if "--show-active-only" in path else working, [word for word in path if word[:2] != "--"])
    if command in ("listNodes", "listActiveNodes"):
        found = tree.get(active if command == "listActiveNodes" else working, *path)
        return answer(0, " ".join(f"'{name}'" for name in sorted(found)))
    if command in ("exists", "existsActive"):
        return 0 if tree.exists(active if command == "existsActive" else working, path) else 1
    if command in ("returnValue", "returnActiveValue"):
        found = tree.value(active if command == "returnActiveValue" else working, *path)
        return answer(0 if found else 1, found)
    sys.stderr.write(f"Invalid operation {command}\n")
    return 1


def _show(box: Box, config: tree.Tree, path: list[str]) -> int:
    """Of everything, or of a node; where there is nothing VyOS says so on the same way."""
    if not path:
        return answer(0, tree.render(box.grammar, config).split("\n\n\n")[0] + "\n")
    text = tree.shown(box.grammar, config, path)
    if text is None:
        return answer(1, "Specified configuration path is not valid\n")
    return answer(0, text) if text else answer(1, "Configuration under specified path is empty\n")


def _session(box: Box) -> Session:
    return Session(box, os.environ.get(SESSION_VARIABLE, "none"))


def _edit(box: Box, change: Callable[[Session], tuple[int, str]]) -> int:
    session = _session(box)
    if not session.is_open:
        return answer(1, "Not in a configuration session\n")
    return answer(*change(session))


PROGRAMS: dict[str, Callable[[Box, list[str]], int]] = {
    "init": init, "my_set": my_set, "my_delete": my_delete, "my_commit": my_commit, "my_discard": my_discard,
    "vyos-load": vyos_load, "vyos-save": vyos_save, "cli-shell-api": cli_shell_api,
}

"""The words of programs that routers call: only options that neither read nor write a file."""

import re
from collections.abc import Set
from typing import Any

from . import values

ANY = re.compile(r"[^\x00]*", re.DOTALL)
VALUE = re.compile(r"[A-Za-z0-9.:@][A-Za-z0-9.:@_-]{0,253}")
PING_VALUES, PING_FLAGS = {"-c", "-W", "-w", "-i", "-I", "-s", "-M"}, {"-n", "-q"}
COMMANDS = {"--list-sas", "--list-conns", "--initiate", "--terminate"}
SWANCTL_VALUES, SWANCTL_FLAGS = {"--ike", "--child", "--ike-id", "--child-id", "--timeout"}, {"--raw", "--force"}


def ping(arguments: Any) -> list[str]:
    """Raises Refused."""
    return _checked(arguments, PING_VALUES, PING_FLAGS, 1)


def swanctl(arguments: Any) -> list[str]:
    """What lists, initiates or terminates. Raises Refused."""
    found = _checked(arguments, SWANCTL_VALUES, SWANCTL_FLAGS | COMMANDS, 0)
    if len(COMMANDS.intersection(found)) != 1:
        raise values.Refused(f"{' '.join(found)}: swanctl does one of {', '.join(sorted(COMMANDS))} here")
    return found


def _checked(arguments: Any, with_value: Set[str], alone: Set[str], most: int) -> list[str]:
    """Options, and at most so many words beside them."""
    words, found, beside = iter(values.listed(arguments, lambda word: values.text(word, ANY, "word"))), [], 0
    for word in words:
        if word in alone:
            found.append(word)
        elif word in with_value:
            found += [word, values.text(next(words, ""), VALUE, f"value of {word}")]
        else:
            beside += 1
            if beside > most or not VALUE.fullmatch(word):
                raise values.Refused(f"{word!r} is no option that is known here")
            found.append(word)
    return found

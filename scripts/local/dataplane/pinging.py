"""ping, for a router: only with the options that phases and people use, none of which reads or writes a file."""

import re
from typing import Any

from . import values

WITH_VALUE, ALONE = {"-c", "-W", "-w", "-i", "-I", "-s", "-M"}, {"-n", "-q", "-4"}
VALUE = re.compile(r"[A-Za-z0-9.:][A-Za-z0-9.:_-]{0,253}")


def checked(arguments: Any) -> list[str]:
    """Raises Refused."""
    words, found = iter(values.listed(arguments, lambda word: word)), []
    for word in words:
        if word in ALONE:
            found.append(word)
        elif word in WITH_VALUE:
            found += [word, values.text(next(words, ""), VALUE, f"value of {word}")]
        else:
            found.append(values.text(word, VALUE, "address or option that ping knows here"))
    return found

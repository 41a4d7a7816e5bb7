"""What is known for certain of a value: which paths in it are there.

A fact is a path, as a tuple of field names; that something lies below a path says that there is an object. The empty path says
that the value itself is an object. What is not known is not said: a set of facts is never too large.
"""

import re

Path = tuple[str, ...]
Facts = frozenset[Path]

NOTHING: Facts = frozenset()
OBJECT: Facts = frozenset({()})
SIMPLE = re.compile(r"^\$(?:\.[A-Za-z_][A-Za-z0-9_]*)*$")


def parsed(text: str) -> Path | None:
    """A path like $.a.b; None for one that finds its way through lists or filters, of which nothing is known."""
    return tuple(text.split(".")[1:]) if SIMPLE.match(text) else None


def with_path(facts: Facts, path: Path) -> Facts:
    """The facts and that something is at a path; what it lies in are objects."""
    return facts | {path[:length] for length in range(len(path) + 1)} if path else facts


def below(facts: Facts, path: Path) -> Facts:
    """What is known of the value at a path."""
    return frozenset(fact[len(path):] for fact in facts if len(fact) > len(path) and fact[:len(path)] == path) | (
        OBJECT if any(len(fact) > len(path) and fact[:len(path)] == path for fact in facts) or (path == () and () in facts) else NOTHING)


def without(facts: Facts, path: Path) -> Facts:
    """The facts once the value at a path is gone or another one."""
    return frozenset(fact for fact in facts if fact[:len(path)] != path)


def put(facts: Facts, path: Path, value: Facts) -> Facts:
    """The facts when a value, of which something is known, is written to a path of an object."""
    written = with_path(without(facts, path), path)
    return written | {path + fact for fact in value if fact}

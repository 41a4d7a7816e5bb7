"""What a host may say to the data plane: every value is looked at before anything is done with it."""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_interface
from typing import Any, TypeVar

from ..vyos.machine import Failed

T = TypeVar("T")
VTI = re.compile(r"vti\d{1,5}")
MADE = re.compile(r"(vti|dum)\d{1,5}|lo")
CARD = re.compile(r"[a-z][a-z0-9]{0,14}")
HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
# strongSwan's names of connections and children.
CONNECTION = re.compile(r"[A-Za-z0-9@_][A-Za-z0-9@_:-]{0,127}")
MOST_MTU = 16_000
MOST_METRIC = 2**32 - 1


class Refused(Failed):
    """Nobody who runs on a host may ask for this; nothing was done."""


def text(value: Any, pattern: re.Pattern[str], what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused(f"{value!r} is no {what}")
    return value


def vti(value: Any) -> str:
    return text(value, VTI, "VTI")


def address(value: Any) -> str:
    return _parsed(value, ip_address, "address")


def interface_address(value: Any) -> str:
    if not isinstance(value, str) or "/" not in value:
        raise Refused(f"{value!r} has no prefix length")
    return _parsed(value, ip_interface, "address with a prefix length")


def number(value: Any, most: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Refused(f"{value!r} is no {what} up to {most}")
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused(f"{value!r} is neither true nor false")
    return value


def listed(value: Any, of: Callable[[Any], T]) -> list[T]:
    if not isinstance(value, list):
        raise Refused(f"{value!r} is no list")
    return [of(each) for each in value]


def table(value: Any) -> dict[str, Any]:
    """A JSON object, whose names are always strings."""
    if not isinstance(value, dict):
        raise Refused(f"{value!r} is no table")
    return value


def _parsed(value: Any, parse: Callable[[str], object], what: str) -> str:
    try:
        # a scope is no part of what is configured here, and takes any characters
        if isinstance(value, str) and "%" not in value:
            parse(value)
            return value
    except ValueError:
        pass
    raise Refused(f"{value!r} is no {what}")

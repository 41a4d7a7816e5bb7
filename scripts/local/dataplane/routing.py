"""FRR's configuration.

Some of vtysh's commands run a shell or write a file. So a router says only lines of the kinds that are known here.
"""

import re
from typing import Any

from ..vyos.frr import FAMILY, Config, commands
from ..vyos.machine import Failed
from . import values
from .connections import WRITE, last_words
from .namespace import Namespace

STEP = re.compile(rf"route-map [^\s|]+ (permit|deny) \d+|router bgp \d+|{re.escape(FAMILY)}")
LINE = re.compile(r"(no )?(ip route|ip prefix-list|match ip address prefix-list|description|bgp|neighbor|timers bgp|network"
                  r"|redistribute) [^\x00-\x1f\x7f]+")
FILE = "/run/own/commands"


def checked(wanted: Any) -> Config:
    """A list of places, each a list of steps and a list of lines. Raises Refused."""
    config: Config = {}
    for entry in values.listed(wanted, lambda each: values.listed(each, lambda part: values.listed(part, str))):
        if len(entry) != 2:
            raise values.Refused("a place of FRR's configuration has steps and lines")
        steps = tuple(values.text(step, STEP, "place of FRR's configuration") for step in entry[0])
        config[steps] = [values.text(line, LINE, "line of FRR's configuration") for line in entry[1]]
    return config


def load(space: Namespace, new: Config, old: Config) -> None:
    """Lead FRR from `old` to `new`; what it refuses in the middle is taken back as far as that goes."""
    try:
        _tell(space, commands(old, new))
    except Failed:
        try:
            _tell(space, commands(new, old))
        except Failed:
            pass  # its words would hide the reason
        raise


def _tell(space: Namespace, change: str) -> None:
    if not change:
        return
    space.script(WRITE, FILE, stdin=change)
    loaded = space.run(["vtysh", "-f", FILE])
    if loaded.status != 0:
        raise Failed(last_words(loaded.err + loaded.out))

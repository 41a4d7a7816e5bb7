"""The router's programs: each is this package, called by its own name."""

import os
import sys

from .box import Box
from .configure import PROGRAMS as CONFIGURE


def main() -> int:
    name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
    if name in CONFIGURE:
        return CONFIGURE[name](Box(), arguments)
    # imported only here: `set` runs a hundred times and needs none of it
    from .control import PROGRAMS as CONTROL
    from .operate import PROGRAMS as OPERATE

    return {**OPERATE, **CONTROL}[name](Box(), arguments)

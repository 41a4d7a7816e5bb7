"""What can be known to be wrong with run-local's options before anything is built or installed."""

import argparse
import json
import os
import sys
from pathlib import Path

from . import network_file
from .fleet import faults
from .kept import Kept
from .network_file import Unusable


def checked(options: argparse.Namespace) -> network_file.Network:
    """The network of the run. Raises Unusable."""
    _input(options.input)
    for name in ("report", "footprint"):
        if (file := getattr(options, name)) is not None:
            _writable(f"--{name}", file)
    if options.fault_router and not options.fault:
        raise Unusable("--fault-router: no --fault is to happen there")
    if options.fault in faults.REAL_ONLY and options.routers == "simulated":
        raise Unusable(f"--fault {options.fault} needs real routers, and these are to be simulated")
    network = network_file.read(options.topology, options.orchestration, options.waves, options.real_time)
    if network.is_on_paper and options.fault and faults.OLD_NAMES.get(options.fault, options.fault) not in faults.ON_PAPER:
        raise Unusable(f"--fault {options.fault}: hosts on paper know {', '.join(faults.ON_PAPER)} only")
    if options.fault_router and options.fault_router not in network.topology["routers"]:
        raise Unusable(f"--fault-router: {options.fault_router} is none of {', '.join(sorted(network.topology['routers'])[:20])}")
    # Last: what is wrong with the words is so whatever else runs.
    if options.keep and Kept.read() is not None:
        raise Unusable("another run is left running already: scripts/lab down ends it")
    return network


def _input(text: str) -> None:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise Unusable(f"--input is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise Unusable("--input is no JSON object")


def _writable(option: str, file: Path) -> None:
    folder = file.resolve().parent
    if file.is_dir():
        raise Unusable(f"{option} {file} is a folder")
    if not folder.is_dir():
        raise Unusable(f"{option} {file}: there is no folder {folder}")
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise Unusable(f"{option} {file}: it can't be written")


def main() -> int:
    # Not above: cli imports this file.
    from .cli import parser

    try:
        checked(parser().parse_args())
    except Unusable as error:
        print(f"run-local: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""One run from the emulators' start to the demonstration's report."""

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from ...emulators.ledger import Books
from ...processes import Daemons
from ...tool import HOME_REGION, PROGRAM
from .system import NAME, System, deploy

REPORT = "report.json"


def run(options: argparse.Namespace, folder: Path, daemons: Daemons) -> bool:
    """Do what the options say; whether every request was answered with 200."""
    _say("starting the emulators, terraform apply")
    started = time.monotonic()
    # Results in the bucket too, which the demonstration shows.
    system = deploy(folder, daemons, s3_archive_enabled=True)
    _say(f"up after {time.monotonic() - started:.1f} s; EFS is the folder {system.mount}")
    report = options.report or folder / REPORT
    is_well = demonstrate(system, report)
    _say("the report")
    if report.exists():
        print(json.dumps(json.loads(report.read_text()), indent=2), flush=True)
    complaints = list(dict.fromkeys(Books(folder).complaints))
    if complaints:
        print("on AWS this would not have been done:", *complaints, sep="\n", flush=True)
    if options.keep:
        _keep(system)
    return is_well and not complaints


def demonstrate(system: System, report: Path) -> bool:
    """`sdwan files demo` over a deployment; the emulator has the API at an address of its own."""
    sys.stdout.flush()
    command = [PROGRAM, "files", "demo", "--name", NAME, "--region", HOME_REGION, "--url", system.api, "--report", report]
    return subprocess.run(command, env=system.endpoints.environment()).returncode == 0


def _keep(system: System) -> None:
    print("\nleft running until Ctrl-C; in another shell:\n")
    for name, value in sorted(system.endpoints.environment().items()):
        if name.startswith("AWS_"):
            print(f"  export {name}={value}")
    print(f"\n  curl -d '{{\"data\": \"hello\", \"filename\": \"hello.txt\", \"encoding\": \"utf-8\"}}' {system.api}/ingest")
    print(f"  {PROGRAM} files demo --url {system.api}")
    print(f"\nbucket: {system.bucket}; EFS: {system.mount}", flush=True)
    signal.pause()


def _say(words: str) -> None:
    print(f"==> {words}", flush=True)

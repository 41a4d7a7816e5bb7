"""scripts/lab: the local run's network by hand."""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import handle, proof
from .fleet import accidents, faults
from .kept import FILE, Kept
from .tool import Tool
from .vyos.machine import Failed

LOG = FILE.with_suffix(".log")
UP_SECONDS, DOWN_SECONDS = 900, 20
DESCRIPTION = """\
The network of scripts/run-local, by hand.

  up [OPTION…]           run-local once, then leave everything running in the background: emulators, hosts, routers.
                         Options are those of scripts/run-local, e.g. --skip-build --vyos-version 1.5
                         Prints the address of a page that shows the network as it is, drawn anew every two seconds
  status                 what runs, what is broken on purpose, and what the newest execution has found (sdwan status)
  exec ROUTER COMMAND…   a command on a router: `show …` is VyOS's (`show vpn ipsec sa`, `show vpn ike sa`, `show ip bgp summary`,
                         `show ip route`, `show interfaces`, `show log` and others), everything else runs in its
                         network namespace beside its daemons (ip, ping, vtysh, swanctl)
  break FAULT [ROUTER]   break something, now and in every later run (default router: the first by name)
  repair                 mend everything; `run` makes the routers anew
  run                    another execution of the state machine over the same hosts, shown as run-local shows its own;
                         takes --input, --report and --approve. Exit status as run-local's
  prove [FAULT…]         break, run, repair, run again, for each fault (default: all of them); a table at the end.
                         Exit status 0 only if every fault was noticed, named and mended; those that are no matter
                         have to be called healthy
  down                   end everything

The operator's tool knows the lab as `--endpoint local`: sdwan status|verify|why|graph|… --endpoint local
A second lab beside the first: SDWAN_LAB=FILE.json in the environment of scripts/lab and of the tool, a file of your own

faults:
"""


class NotUp(Exception):
    """There is no lab; the text says how to get one."""


def parser() -> argparse.ArgumentParser:
    names = "\n".join(f"  {kind:<21} {text}" for kind, text in faults.KINDS.items())
    top = argparse.ArgumentParser(prog="scripts/lab", description=DESCRIPTION + names,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("up", add_help=False)
    for name in ("status", "repair", "down"):
        commands.add_parser(name)
    run = commands.add_parser("run")
    run.add_argument("--report", metavar="FILE", type=Path)
    run.add_argument("--input", metavar="JSON", default=handle.ANEW)
    run.add_argument("--approve", choices=["ask", "yes", "no"])
    execute = commands.add_parser("exec")
    execute.add_argument("router")
    execute.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    damage = commands.add_parser("break")
    damage.add_argument("fault", choices=[*faults.KINDS, *faults.OLD_NAMES], metavar="FAULT")
    damage.add_argument("router", nargs="?")
    proven = commands.add_parser("prove")
    proven.add_argument("faults", nargs="*", choices=[*faults.KINDS, []], metavar="FAULT")
    return top


def main() -> int:
    options, rest = parser().parse_known_args()
    if rest and options.command != "up":
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        if options.command == "up":
            return up(rest)
        lab = Kept.read()
        if lab is None:
            raise NotUp("the lab is not up: scripts/lab up")
        return {"status": status, "exec": execute, "break": damage, "repair": repair, "run": run,
                "prove": prove, "down": down}[options.command](lab, options)
    except (NotUp, Failed, handle.Refused) as error:
        print(f"lab: error: {error}", file=sys.stderr)
        return 2


def up(arguments: list[str]) -> int:
    if Kept.read() is not None:
        raise NotUp("the lab is up already: scripts/lab down ends it")
    LOG.parent.mkdir(exist_ok=True)
    # The keys of the emulators and of the page are in it.
    LOG.unlink(missing_ok=True)
    LOG.touch(mode=0o600)
    with LOG.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "local", "--keep", *arguments], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _watch(process)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    print("==> the lab is up; `scripts/lab --help` says what can be done with it")
    return 0


def _watch(process: "subprocess.Popen[bytes]") -> None:
    """Show what it prints until it is up."""
    shown, deadline = 0, time.monotonic() + UP_SECONDS
    while time.monotonic() < deadline:
        ended, text = process.poll() is not None, LOG.read_text(errors="replace")
        sys.stdout.write(text[shown:])
        sys.stdout.flush()
        shown = len(text)
        if ended:
            raise NotUp(f"it did not stay up, see {LOG}")
        lab = Kept.read()
        if lab is not None and lab.process == process.pid:
            return
        time.sleep(0.3)
    raise NotUp(f"it was not up within {UP_SECONDS} s, see {LOG}")


def status(lab: Kept, _: argparse.Namespace) -> int:
    wrong = faults.read(Path(lab.folder))
    print(f"process {lab.process}, VyOS {lab.vyos_version}, routers {lab.kind}, state in {lab.folder}")
    print(f"page: {lab.page}")
    print("broken: " + (", ".join(wrong.described()) or "nothing") + "\n")
    return _tool(lab).run("status")


def execute(lab: Kept, options: argparse.Namespace) -> int:
    router, words = options.router, options.words
    if not words:
        raise NotUp("exec ROUTER COMMAND…: there is no command")
    if words[0] == "show":
        return _on_host(lab, router, f"lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper {shlex.join(words)}")
    if lab.kind != "real":
        return _on_host(lab, router, f"lxc exec router -- {shlex.join(words)}")
    answer = accidents.machine_of(handle.host(lab, router)).run(*words)
    sys.stdout.write(answer.out)
    sys.stderr.write(answer.err)
    return answer.status


def damage(lab: Kept, options: argparse.Namespace) -> int:
    router = options.router or min(lab.routers)
    handle.damage(lab, options.fault, router)
    print(f"==> {options.fault} at {router}: {faults.meaning(options.fault)}")
    return 0


def repair(lab: Kept, _: argparse.Namespace) -> int:
    handle.repair(lab)
    print("==> nothing is broken any more; `scripts/lab run` makes the routers anew")
    return 0


def run(lab: Kept, options: argparse.Namespace) -> int:
    from .run import REPORT, conclude, explain, follow

    tool, execution = _tool(lab), handle.start(lab, options.input)
    progress = follow(execution, tool, options.approve)
    explain(execution, progress, tool, options.input)
    conclude(execution, progress, tool, options.report, Path(lab.folder) / REPORT)
    return 0 if progress.succeeded else 1


def _tool(lab: Kept) -> Tool:
    return Tool(lab.environment, ("--endpoint", "local"))


def prove(lab: Kept, options: argparse.Namespace) -> int:
    return proof.prove(lab, options.faults or list(faults.KINDS))


def down(lab: Kept, _: argparse.Namespace) -> int:
    os.kill(lab.process, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_SECONDS
    while Kept.read() is not None or Path("/proc", str(lab.process)).exists():
        if time.monotonic() > deadline:
            os.kill(lab.process, signal.SIGKILL)
            raise NotUp(f"process {lab.process} did not end within {DOWN_SECONDS} s and was killed")
        time.sleep(0.1)
    print("==> the lab is down")
    return 0


def _on_host(lab: Kept, router: str, text: str) -> int:
    command = handle.host(lab, router).command(["/bin/bash", "-c", accidents.ON_HOST + text], {})
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

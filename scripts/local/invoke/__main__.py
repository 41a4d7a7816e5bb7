"""scripts/invoke: the command."""

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
from pathlib import Path

from ..contract import quotas
from ..emulators import runtime_door
from . import code, variables
from .sandbox import Outcome, Sandbox

PROJECT = Path(__file__).resolve().parents[3]
DESCRIPTION = """\
Calls a function on this machine, as Lambda does: its bootstrap runs under a Runtime API on the loopback. The
answer goes to stdout, a line each; the function's log, the time and the memory to stderr. The function has Lambda's
variables and those of --env, nothing else: no AWS account is touched unless you hand it keys.
Exit status: 0 an answer; 1 an error, or no answer at all; 2 the call can't be made."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="scripts/invoke", description=DESCRIPTION,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("name", metavar="NAME", help="dist/NAME.zip; or the path of a zip or of a bootstrap")
    top.add_argument("event", metavar="EVENT.json", help="a file with the event; - reads it from stdin")
    top.add_argument("--package-path", metavar="DIR", type=Path, default=PROJECT,
                     help="whose dist/ has NAME.zip (default: this project)")
    top.add_argument("--count", metavar="N", type=int, default=1, help="how often the same process gets the event (default: 1)")
    top.add_argument("--env", metavar="NAME[=VALUE]", action="append", default=[],
                     help="a variable of the function; NAME alone takes the value from here, which keeps a secret out of `ps`")
    top.add_argument("--timeout", metavar="SECONDS", type=float, default=300,
                     help=f"the function's timeout (default: 300, at most {quotas.LONGEST})")
    return top


def read_event(name: str) -> bytes:
    """The event's bytes, if Lambda would take them."""
    try:
        event = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise code.Refused(f"the event can't be read: {error}") from error
    if len(event) > quotas.PAYLOAD:
        raise code.Refused(f"the event has {len(event)} bytes; Lambda takes {quotas.PAYLOAD} (RequestTooLargeException)")
    if not is_json(event):
        raise code.Refused(f"the event {name} is no JSON, which Lambda refuses (InvalidRequestContentException)")
    return event


def is_json(text: bytes) -> bool:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(text.decode(), parse_constant=refuse)
    except ValueError:
        return False
    return True


def say(words: str) -> None:
    print(f"==> {words}", file=sys.stderr, flush=True)


def show(outcome: Outcome) -> None:
    sys.stdout.buffer.write(outcome.body + b"\n")
    sys.stdout.buffer.flush()
    if not outcome.failed and not is_json(outcome.body):
        say("warning: the answer is no JSON: Step Functions and most callers can't read it")


def report(start: float, outcomes: list[Outcome], memory: int) -> None:
    """What it took. Milliseconds and MiB, measured from here."""
    if start > quotas.START:
        say(f"warning: Lambda gives a start {quotas.START} s, and then begins anew in the invocation's own time")
    times = [outcome.seconds * 1000 for outcome in outcomes]
    failed = sum(outcome.failed for outcome in outcomes)
    words = f"started in {start * 1000:.1f} ms, {'error' if failed == 1 == len(times) else 'answer'} after {times[0]:.1f} ms"
    if len(times) > 1:
        rest = times[1:]
        words += f", then {len(rest)} in {min(rest):.2f} to {max(rest):.2f} ms, median {statistics.median(rest):.2f} ms"
        words += f", {failed} of {len(times)} errors" if failed else ""
    say(f"{words}; {f'{memory / 2**20:.1f} MiB' if memory else 'memory unknown'}")


def call(sandbox: Sandbox, event: bytes, count: int) -> int:
    start = sandbox.start()
    if isinstance(start, Outcome):
        show(start)
        say(f"it did not start: no event was asked for, for {start.seconds * 1000:.1f} ms")
        return 1
    outcomes: list[Outcome] = []
    while len(outcomes) < count and not (outcomes and outcomes[-1].over):
        outcomes.append(sandbox.invoke(event))
        show(outcomes[-1])
    report(start, outcomes, sandbox.memory)
    over = outcomes[-1].over
    if over:
        say(f"the process did not come back for another event; {count - len(outcomes)} of {count} were not handed to it")
    broken = sandbox.broken_rules()
    for rule in broken:
        say(f"the runtime broke a rule of the Runtime API: {rule}")
    return 1 if over or broken or any(outcome.failed for outcome in outcomes) else 0


def main() -> int:
    options = parser().parse_args()
    if options.count < 1:
        parser().error("--count is a number from 1")
    if not 0 < options.timeout <= quotas.LONGEST:
        parser().error(f"--timeout is up to {quotas.LONGEST} seconds")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # From here on the Runtime API is for programs of this user, and for no web page.
    runtime_door.install()
    with tempfile.TemporaryDirectory(prefix="invoke-") as folder:
        try:
            event = read_event(options.event)
            own = variables.given(options.env, os.environ)
            file = code.find(options.name, options.package_path)
            program = code.bootstrap(file, Path(folder))
            name = file.stem if file.suffix == ".zip" else file.name
            sandbox = Sandbox(program, lambda address: variables.whole(name, program, address, own), options.timeout)
        except (code.Refused, OSError) as error:
            parser().error(str(error))
        try:
            return call(sandbox, event, options.count)
        except KeyboardInterrupt:
            return 128 + signal.SIGINT
        finally:
            sandbox.stop()


if __name__ == "__main__":
    sys.exit(main())

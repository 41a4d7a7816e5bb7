"""The worker on this machine: its own Terraform root over the project's emulators, on three hosts that are sandboxes."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLEET = {"web1": "us-east-1", "web2": "us-east-1", "db": "eu-central-1"}
DESCRIPTION = """\
Starts AWS emulators on loopback and three hosts, applies the worker's Terraform root, calls the function and
prints its answer. The emulators verify signatures and enforce the role's policy.
Exit status: 0 an answer without a failed host; 1 otherwise; 2 if it could not be run."""


def main() -> int:
    top = argparse.ArgumentParser(prog="run-local", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--event", metavar="JSON", default='{"limit": 100}', help="the function's event (default: %(default)s)")
    top.add_argument("--skip-build", action="store_true", help="take dist/disks.zip as it is")
    options = top.parse_args()
    # Not above: --help must work before the virtual environment exists.
    from botocore.exceptions import BotoCoreError, ClientError

    from local.deploy import DeployFailed
    from local.network_file import REPO
    from local.processes import Daemons, StartFailed

    runs = REPO / ".local/worker"
    runs.mkdir(parents=True, exist_ok=True)
    # For nobody else on this machine: keys are below.
    folder, daemons = Path(tempfile.mkdtemp(dir=runs)), Daemons()
    try:
        status = run(options.event, folder, daemons)
    except (DeployFailed, StartFailed, BotoCoreError, ClientError) as error:
        print(f"run-local: error: {error}\nlogs: {folder}", file=sys.stderr)
        return 2
    finally:
        daemons.stop()
    shutil.rmtree(folder)
    return status


def run(event: str, folder: Path, daemons) -> int:
    from local.deploy import Deployment
    from local.emulators import start as emulators
    from local.emulators.ledger import Books

    say("starting the emulators")
    endpoints = emulators.start(daemons, folder)
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(endpoints.environment())
    deployment = Deployment(folder, HERE / "terraform", endpoints, daemons)
    hosts = {name: {"region": region, "instance": launch(deployment, name, region)} for name, region in FLEET.items()}
    say("terraform apply")
    outputs = deployment.apply_root({"hosts": hosts, "zip": str(HERE / "dist/disks.zip")})
    say(f"calling {outputs['function_name']} with {event}")
    called = deployment.client("lambda", "us-east-1").invoke(FunctionName=outputs["function_name"], Payload=event)
    answer = json.load(called["Payload"])
    print(json.dumps(answer, indent=2), flush=True)
    complaints = Books(folder).complaints
    if complaints:
        print("on AWS this would not have been done:", *dict.fromkeys(complaints), sep="\n", file=sys.stderr)
    return 1 if complaints or "FunctionError" in called or answer["fail_count"] else 0


def launch(deployment, name: str, region: str) -> str:
    """An instance in the EC2 emulator; the tag makes it one with a sandbox behind it."""
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "sdwan", "Value": name}]}]
    made = deployment.client("ec2", region).run_instances(
        ImageId=deployment.ami(region), MinCount=1, MaxCount=1, TagSpecifications=tags)
    return made["Instances"][0]["InstanceId"]


def say(words: str) -> None:
    print(f"==> {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

#!/opt/bin/python3 -S
"""aws: `ssm get-parameter` and `s3 cp`, asked of the emulator."""

import argparse
import json
import os
import sys

import state

sys.path.append("/opt/site-packages")
import boto3  # noqa: E402
from botocore.exceptions import BotoCoreError, ClientError  # noqa: E402

# A fault of the local run: on this host a parameter has another value than elsewhere.
OTHER_VALUES = json.loads(os.environ.get("SDWAN_LOCAL_OTHER_VALUES", "{}"))
FAILED = 254


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="aws")
    services = top.add_subparsers(dest="service", required=True)
    parameter = services.add_parser("ssm").add_subparsers(dest="operation", required=True).add_parser("get-parameter")
    parameter.add_argument("--name", required=True)
    parameter.add_argument("--with-decryption", action="store_true")
    parameter.add_argument("--query", choices=["Parameter.Value"])
    parameter.add_argument("--output", choices=["text", "json"], default="json")
    copy = services.add_parser("s3").add_subparsers(dest="operation", required=True).add_parser("cp")
    copy.add_argument("source")
    copy.add_argument("target")
    copy.add_argument("--only-show-errors", action="store_true")
    for command in (parameter, copy):
        command.add_argument("--region", default=os.environ.get("AWS_REGION"))
    return top


def get_parameter(given: argparse.Namespace) -> None:
    ssm = boto3.client("ssm", region_name=given.region)
    answer = ssm.get_parameter(Name=given.name, WithDecryption=given.with_decryption)
    value = OTHER_VALUES.get(given.name, answer["Parameter"]["Value"])
    if given.query is None:
        print(json.dumps({"Parameter": answer["Parameter"]}, indent=4, default=str))
    else:
        print(value if given.output == "text" else json.dumps(value))


def copy_object(given: argparse.Namespace) -> None:
    if not given.source.startswith("s3://"):
        state.fail("usage: aws s3 cp <S3Uri> <LocalPath>", 252)
    bucket, _, key = given.source.removeprefix("s3://").partition("/")
    # MiniStack knows no host names of buckets: the path names the bucket.
    client = boto3.client("s3", region_name=given.region, config=boto3.session.Config(s3={"addressing_style": "path"}))
    client.download_file(bucket, key, given.target)
    if not given.only_show_errors:
        print(f"download: {given.source} to {given.target}")


def main() -> None:
    given = parser().parse_args()
    try:
        get_parameter(given) if given.service == "ssm" else copy_object(given)
    except (BotoCoreError, ClientError, OSError) as error:
        prefix = f"fatal error: {error}" if given.service == "s3" else str(error)
        state.fail(f"\n{prefix}", 1 if given.service == "s3" else FAILED)


main()

#!/opt/bin/python3 -S
"""curl: nothing but the metadata service, version 2, where this host has one (/var/lib/metadata.json: path → text)."""

import os
import sys

import state

METADATA = "/var/lib/metadata.json"
SERVICE = "http://169.254.169.254/latest/"
TOKEN = "an-hours-token=="
REFUSED, HTTP_ERROR = 7, 22


def main(arguments: list[str]) -> None:
    url = arguments[-1]
    if not os.path.exists(METADATA) or not url.startswith(SERVICE):
        state.fail(f"curl: ({REFUSED}) Failed to connect to {url}: Connection refused", REFUSED)
    path = url[len(SERVICE):]
    if path == "api/token":
        # Only a PUT that says how long the token shall live gets one.
        if "PUT" not in arguments or not any(a.startswith("X-aws-ec2-metadata-token-ttl-seconds:") for a in arguments):
            sys.exit(HTTP_ERROR)
        print(TOKEN, end="")
        return
    pages = state.load(METADATA)
    if f"X-aws-ec2-metadata-token: {TOKEN}" not in arguments or path not in pages:
        sys.exit(HTTP_ERROR)
    print(pages[path], end="")


main(sys.argv[1:])

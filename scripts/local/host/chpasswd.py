#!/opt/bin/python3 -S
"""chpasswd: reads `user:password` lines and stores a salted hash in /etc/shadow."""

import base64
import hashlib
import os
import sys
from pathlib import Path

import state

SHADOW = Path("/etc/shadow")
ROUNDS = 10000


def hashed(password: str) -> str:
    salt = os.urandom(12)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
    return f"$pbkdf2-sha256${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def main() -> None:
    entries = dict(line.split(":", 1) for line in SHADOW.read_text().splitlines())
    for number, line in enumerate(sys.stdin.read().splitlines(), 1):
        user, colon, password = line.partition(":")
        if not colon or not password:
            state.fail(f"chpasswd: line {number}: missing new password")
        if user not in entries:
            state.fail(f"chpasswd: (user {user}) pam_chauthtok() failed, error:\nAuthentication token manipulation error")
        entries[user] = ":".join([hashed(password), *entries[user].split(":")[1:]])
    SHADOW.write_text("".join(f"{user}:{rest}\n" for user, rest in entries.items()))


main()

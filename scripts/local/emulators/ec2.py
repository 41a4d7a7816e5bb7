"""moto's EC2 and IAM, with addresses that a network can carry, for the operator alone.

moto's own Elastic IPs are loopback addresses, and a card's address is a random one of its subnet, which another card may
have already.
"""

import json
import os
import sys
from pathlib import Path

from moto import server
from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces
from moto.iam.models import AccessKey, IAMBackend, iam_backends

from .addresses import Addresses
from .credentials import ACCOUNT, Key
from .door import Door
from .replay import Replay
from .roles import Published
from .strict import policies

# The range for benchmarks (RFC 2544): never anybody's on the internet, and large enough.
ELASTIC = "198.18.0.0/15"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def let_operator_in(backend: IAMBackend, key: Key) -> None:
    user = backend.create_user("operator", "/", None, [])
    backend.put_user_policy(user.name, "everything", json.dumps(EVERYTHING))
    access = AccessKey(user.name, "", ACCOUNT)
    access.access_key_id, access.secret_access_key = key.id, key.secret
    user.access_keys.append(access)
    backend.access_keys[key.id] = access


def main() -> None:
    folder = Path(sys.argv.pop(1))
    backend = iam_backends[ACCOUNT]["aws"]
    let_operator_in(backend, Key(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]))
    addresses = Addresses()
    elastic_ip_addresses.random_ip = lambda: addresses.take(ELASTIC)
    elastic_network_interfaces.random_private_ip = addresses.take
    policies.install()
    serve = server.run_simple
    server.run_simple = lambda host, port, app, **more: serve(
        host, port, Door(Replay(Published(app, folder, backend)), port), **more)
    server.main()


if __name__ == "__main__":
    main()

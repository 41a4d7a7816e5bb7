"""moto's EC2 and IAM, with addresses that a network can carry.

moto's own Elastic IPs are loopback addresses, and a card's address is a random one of its subnet, which another card may
have already.
"""

from moto import server
from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces

from .addresses import Addresses
from .replay import Replay
from .strict import policies

# The range for benchmarks (RFC 2544): never anybody's on the internet, and large enough.
ELASTIC = "198.18.0.0/15"


def main() -> None:
    addresses = Addresses()
    elastic_ip_addresses.random_ip = lambda: addresses.take(ELASTIC)
    elastic_network_interfaces.random_private_ip = addresses.take
    policies.install()
    serve = server.run_simple
    server.run_simple = lambda host, port, app, **more: serve(host, port, Replay(app), **more)
    server.main()


if __name__ == "__main__":
    main()

"""moto's EC2 and IAM, with Elastic IPs that a network can carry: moto's own are loopback addresses."""

from ipaddress import ip_network
from itertools import islice

from moto import server
from moto.ec2.models import elastic_ip_addresses

from .replay import Replay

# The range for benchmarks (RFC 2544): never anybody's on the internet, and large enough.
ADDRESSES = islice(ip_network("198.18.0.0/15").hosts(), 10, None)

if __name__ == "__main__":
    elastic_ip_addresses.random_ip = lambda: str(next(ADDRESSES))
    serve = server.run_simple
    server.run_simple = lambda host, port, app, **more: serve(host, port, Replay(app), **more)
    server.main()

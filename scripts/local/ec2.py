"""moto's EC2 and IAM, with Elastic IPs that a network can carry: moto's own are loopback addresses."""

import threading
from collections import defaultdict
from ipaddress import ip_network
from itertools import islice
from typing import Any, Callable, Iterable

from moto import server
from moto.ec2.models import elastic_ip_addresses

# The range for benchmarks (RFC 2544): never anybody's on the internet, and large enough.
ADDRESSES = islice(ip_network("198.18.0.0/15").hosts(), 10, None)

Environment = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environment, Start], Iterable[bytes]]


class Replay:
    """A WSGI application in front of another one: what a client asks again it is told again (see replay.py)."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._answers: dict[str, tuple[str, list[tuple[str, str]], bytes]] = {}

    def __call__(self, environment: Environment, start: Start) -> Iterable[bytes]:
        call = environment.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if call is None:
            return self._app(environment, start)
        with self._locks[call]:
            status, headers, body = self._answers.get(call) or self._do(environment)
            if status.startswith("2"):
                self._answers[call] = status, headers, body
        start(status, headers)
        return [body]

    def _do(self, environment: Environment) -> tuple[str, list[tuple[str, str]], bytes]:
        begun: list[Any] = []
        body = b"".join(self._app(environment, lambda *head: begun.extend(head)))
        return begun[0], begun[1], body


if __name__ == "__main__":
    elastic_ip_addresses.random_ip = lambda: str(next(ADDRESSES))
    serve = server.run_simple
    server.run_simple = lambda host, port, app, **more: serve(host, port, Replay(app), **more)
    server.main()

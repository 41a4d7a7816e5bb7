"""The Runtime API of a local function: for the function that it belongs to, though nothing in it is signed.

On AWS it is inside the function's own machine. Here it is a port of the loopback: who connects as another user of the
machine is hung up on, and a web page is refused.
"""

import http.server
import socketserver
from collections.abc import Callable
from typing import Any

from .door import strangeness
from .neighbors import is_own


def install() -> None:
    """In the process that serves the functions; the emulator's servers are all made of these two classes."""
    accept: Callable[..., bool] = socketserver.TCPServer.verify_request
    parse: Callable[..., bool] = http.server.BaseHTTPRequestHandler.parse_request

    def verify_request(server: socketserver.TCPServer, request: Any, address: Any) -> bool:
        return accept(server, request, address) and is_own(server.server_address[1], address[1])

    def parse_request(handler: http.server.BaseHTTPRequestHandler) -> bool:
        if not parse(handler):
            return False
        headers = {name.lower(): value for name, value in handler.headers.items()}
        if (strange := strangeness(headers, handler.server.server_address[1])) is None:
            return True
        handler.send_error(403, strange)
        return False

    socketserver.TCPServer.verify_request = verify_request  # type: ignore[method-assign]
    http.server.BaseHTTPRequestHandler.parse_request = parse_request  # type: ignore[method-assign]

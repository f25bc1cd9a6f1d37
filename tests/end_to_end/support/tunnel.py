"""A company's proxy: it lets every host through to one practice cloud, or asks for a password."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator


class TunnelServer(socketserver.ThreadingTCPServer):
    """Answers ``CONNECT host:443`` on loopback. `port` is where every host is found; None refuses with 407."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int | None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.port = port

    @property
    def url(self) -> str:
        """As HTTPS_PROXY names it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Connection(socketserver.StreamRequestHandler):
    """One connection through the proxy."""

    def handle(self) -> None:
        assert isinstance(self.server, TunnelServer)
        while self.rfile.readline().strip():
            pass
        if self.server.port is None:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.port)) as beyond:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_copy, args=(beyond, self.connection), daemon=True)
            back.start()
            _copy(self.connection, beyond)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def tunnel(port: int | None) -> Iterator[TunnelServer]:
    """A running proxy."""
    with TunnelServer(port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()

"""What mcr.microsoft.com/k8se/quickstart is in the practice cloud: one page on port 80."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Welcome to Azure Container Apps!</title></head>
<body><h1>Your Azure Container Apps app is live</h1><p>This is the quickstart image of the practice cloud.</p></body>
</html>
"""


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("Listening on port 80", flush=True)
ThreadingHTTPServer(("0.0.0.0", 80), Page).serve_forever()  # noqa: S104  inside its own network

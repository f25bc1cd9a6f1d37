#!/usr/bin/env bash
# azure-appconfiguration 1.10.0 (PyPI), Python 3.11 or newer.
#
# Input: list_configuration_settings(accept_datetime=...) with 2 January 2026, 12:00 in UTC, and with the same moment written at +02:00, against a server
# that shows the header.
# Guess: `Accept-Datetime: Fri, 02 Jan 2026 12:00:00 GMT`, twice.
# Seen: `2026-01-02 12:00:00+00:00` and `2026-01-02 14:00:00+02:00`: the text that Python's str() gives, which is no date of HTTP.
# Expected: RFC 7089, 2.1.1: the header's value is a date in the form of RFC 1123, in GMT; App Configuration's REST documentation, "Time-based access", shows
# that form. The parameter's type is datetime or str, so the library writes a datetime as the header has it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-appconfiguration==1.10.0 2>/dev/null
cat > ask.py <<'PY'
import http.server, threading
from datetime import datetime, timedelta, timezone
from azure.appconfiguration import AzureAppConfigurationClient

class Store(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.headers["Accept-Datetime"])
        body = b'{"items": []}'
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.microsoft.appconfig.kvset+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = AzureAppConfigurationClient.from_connection_string(f"Endpoint=http://127.0.0.1:{server.server_port};Id=reader;Secret=ZXhhbXBsZQ==")
noon = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)
for moment in (noon, noon.astimezone(timezone(timedelta(hours=2)))):
    list(client.list_configuration_settings(accept_datetime=moment))
PY
v/bin/python ask.py | tee seen
printf '2026-01-02 12:00:00+00:00\n2026-01-02 14:00:00+02:00\n' | cmp -s - seen || { echo "the header is written in another way now"; exit 1; }

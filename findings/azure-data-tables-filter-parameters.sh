#!/usr/bin/env bash
# azure-data-tables 12.7.0 (PyPI), Python 3.11 or newer.
#
# Input: query_entities() with parameters, against a server that shows the $filter: `name eq @n and open eq @open`; `(name eq @n or open eq @open)`;
# `name eq  @n`, with two blanks; and `note eq 'ask @n now' and name eq @n`.
# Guess: the values in the places of the names, four times, and the text in quotes as it stands.
# Seen: the first is right. The parentheses end in KeyError: 'open)', the two blanks in IndexError: string index out of range. In the last one the text in
# quotes becomes `ask 'web' now`, so its quotes do not match any more.
# Expected: OData 4.0 ABNF and the Table service's "Querying tables and entities": parentheses group, blanks may repeat, a text in quotes is a literal. The
# filter is split at single blanks, and each piece that begins with @ is taken for a name, up to the next blank.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-data-tables==12.7.0 2>/dev/null
cat > ask.py <<'PY'
import http.server, threading
from urllib.parse import parse_qs, urlsplit
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import TableClient

class Table(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(parse_qs(urlsplit(self.path).query)["$filter"][0])
        body = b'{"value": []}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Table)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = TableClient(f"http://127.0.0.1:{server.server_port}/account", "orders", credential=AzureNamedKeyCredential("account", "ZXhhbXBsZQ=="))
for text in ("name eq @n and open eq @open", "(name eq @n or open eq @open)", "name eq  @n", "note eq 'ask @n now' and name eq @n"):
    try:
        list(client.query_entities(text, parameters={"n": "web", "open": True}))
    except (KeyError, IndexError) as error:
        print(repr(error))
PY
v/bin/python ask.py | tee seen
cat > expected <<'TEXT'
name eq 'web' and open eq true
KeyError('open)')
IndexError('string index out of range')
note eq 'ask 'web' now' and name eq 'web'
TEXT
cmp -s expected seen || { echo "the parameters are put in another way now"; exit 1; }

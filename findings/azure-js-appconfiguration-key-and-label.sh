#!/usr/bin/env bash
# @azure/app-configuration 1.12.1 (npm) and azure-appconfiguration 1.10.0 (PyPI) as a witness, Node.js 20 and Python 3.11 or newer.
#
# Input: the keys `orders#old` and `orders?old`, and the key `orders` with the labels `eu&us` and `eu#1`, read and deleted by both SDKs from a server that
# shows what it was asked.
# Guess: the characters encoded, in the path and in the query.
# Seen: from JavaScript `/kv/orders` four times. The rest of the first key and of the last label is a fragment and is not sent; what is behind the question mark
# and behind the & became parameters of their own. So delete({key: "orders#old"}) deletes `orders`, and the label `eu&us` is `eu`. Python encodes all.
# Expected: App Configuration's documentation, "Keys and values": a key is made of any Unicode characters but % and the names . and ..; *, comma and \ are
# escaped in filters; a label likewise. RFC 3986, 2.2: what would end a part of the address is encoded in it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @azure/app-configuration@1.12.1 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-appconfiguration==1.10.0 2>/dev/null
cat > settings.json <<'JSON'
[{"key": "orders#old"}, {"key": "orders?old"}, {"key": "orders", "label": "eu&us"}, {"key": "orders", "label": "eu#1"}]
JSON
cat > ask.cjs <<'JS'
const { AppConfigurationClient } = require('@azure/app-configuration');
const client = new AppConfigurationClient(process.argv[2], { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } });
(async () => { for (const setting of require('./settings.json')) await client.deleteConfigurationSetting(setting); })();
JS
cat > ask.py <<'PY'
import http.server, json, re, subprocess, threading
from azure.appconfiguration import AzureAppConfigurationClient

class Mirror(http.server.BaseHTTPRequestHandler):
    def do_DELETE(self):
        print(self.command, re.sub(r"api-version=[^&]*&?", "", self.path).rstrip("?&"), flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
threading.Thread(target=server.serve_forever, daemon=True).start()
connection = f"Endpoint=http://127.0.0.1:{server.server_port};Id=id;Secret=c2VjcmV0"
print("JavaScript", flush=True)
subprocess.run(["node", "ask.cjs", connection], check=True)
print("Python", flush=True)
client = AzureAppConfigurationClient.from_connection_string(connection, retry_total=0)
for setting in json.load(open("settings.json")):
    client.delete_configuration_setting(**setting)
PY
v/bin/python ask.py 2>errors | tee seen
cat > expected <<'TEXT'
JavaScript
DELETE /kv/orders
DELETE /kv/orders?old=
DELETE /kv/orders?label=eu&us=
DELETE /kv/orders?label=eu
Python
DELETE /kv/orders%23old
DELETE /kv/orders%3Fold
DELETE /kv/orders?label=eu%26us
DELETE /kv/orders?label=eu%231
TEXT
cmp -s expected seen || { echo "one of the two asks for something else now"; cat errors; exit 1; }

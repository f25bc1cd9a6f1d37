#!/usr/bin/env bash
# azurite 3.35.0 (npm) with azure-data-tables 12.7.0 (PyPI), Node.js 20 and Python 3.11 or newer.
#
# Input: an entity with 260 properties; an entity with a property called `unit-price`; a transaction of 101 entities.
# Guess: 400 three times, as the emulator says for a value that is too long or a key with a slash in it.
# Seen: the first two are stored. The third is answered with something that the SDK cannot read as the parts of a transaction: BadStatusLine from
# Python's http.client, no status and no code.
# Expected: Table service documentation, "Understanding the Table service data model": at most 252 properties beside the three of the system,
# names follow the rules for C# identifiers; "Performing entity group transactions": at most 100 entities, each failure with its own code.
# The emulator refuses the other limits of the same pages, so a green test of these says nothing of Azure.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-data-tables==12.7.0 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts azurite@3.35.0 >/dev/null 2>&1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
account="local:$(head -c 64 /dev/urandom | base64 -w0)"
AZURITE_ACCOUNTS="$account" node node_modules/azurite/dist/src/table/main.js --tablePort "$port" --skipApiVersionCheck --inMemoryPersistence --disableTelemetry >/dev/null 2>&1 & server=$!
for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
cat > store.py <<'PY'
import sys
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import TableServiceClient

account, key = sys.argv[2].split(":")
service = TableServiceClient(f"http://127.0.0.1:{sys.argv[1]}/{account}", credential=AzureNamedKeyCredential(account, key), retry_total=0)
table = service.create_table("limits")

def outcome(name, store):
    try:
        store()
        print(name, "stored")
    except Exception as error:
        print(name, type(error).__name__, getattr(error, "status_code", ""))

outcome("slash", lambda: table.create_entity({"PartitionKey": "p", "RowKey": "a/b"}))
outcome("260", lambda: table.create_entity({"PartitionKey": "p", "RowKey": "1", **{f"p{number}": number for number in range(260)}}))
outcome("dash", lambda: table.create_entity({"PartitionKey": "p", "RowKey": "2", "unit-price": 5}))
outcome("101", lambda: table.submit_transaction([("upsert", {"PartitionKey": "q", "RowKey": str(number)}) for number in range(101)]))
PY
v/bin/python store.py "$port" "$account" | tee seen
printf 'slash HttpResponseError 400\n260 stored\ndash stored\n101 BadStatusLine \n' | cmp -s - seen || { echo "azurite answers something else now"; exit 1; }

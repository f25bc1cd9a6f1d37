#!/usr/bin/env bash
# http2postman 0.1.0 (PyPI), Python 3.11 or newer.
#
# Input: a .http file with `GET http://127.0.0.1/orders?state=open HTTP/1.1`, the request line as both editors' documentation shows it; and the same
# without the version.
# Guess: the same address twice, with state=open in its query.
# Seen: the version is a part of the address: `http://127.0.0.1/orders?state=open HTTP/1.1`, and the parameter's value is `open HTTP/1.1`. The report
# counts one request and nothing unsupported. Without a query the path ends in it.
# Expected: REST Client, "Request Line": METHOD, address and an optional HTTP version; JetBrains' grammar of request lines has the same three.
# The program is described as a converter of these two editors' files into collections that import cleanly.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check http2postman==0.1.0 2>/dev/null
for version in '' ' HTTP/1.1'; do
  printf 'GET http://127.0.0.1/orders?state=open%s\nAccept: application/json\n' "$version" > orders.http
  v/bin/http2postman orders.http -o orders.json
  v/bin/python -c 'import json; url = json.load(open("orders.json"))["item"][0]["request"]["url"]; print(url["raw"], "|", url["query"][0]["value"])'
done | grep -v Generated | tee seen
cat > expected <<'TEXT'
Requests: 1 | Folders: 0 | Variables: 0 | Scripts: 0
http://127.0.0.1/orders?state=open | open
Requests: 1 | Folders: 0 | Variables: 0 | Scripts: 0
http://127.0.0.1/orders?state=open HTTP/1.1 | open HTTP/1.1
TEXT
cmp -s expected seen || { echo "http2postman converts otherwise now"; exit 1; }

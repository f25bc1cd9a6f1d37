#!/usr/bin/env bash
# auth-header 1.0.0 (npm), with authchallenge 1.0.0 (PyPI) as a witness. Node.js 18 and Python 3.11 or newer.
#
# Input: format() for the challenge that a container registry sends: the scheme Bearer with realm, service and scope.
# Guess: `Bearer realm="...", service="...", scope="..."`, which another library reads whole.
# Seen: the parameters stand one after another with a blank between them and no comma. The package reads that back itself, so it seems right to it. The
# witness, which has all three from the header with commas, has the realm alone from this one: a client asks for a token without a service and
# without a scope, gets one that opens nothing, and is answered with 401 again.
# Expected: RFC 9110, 11.3 (RFC 7235, 2.1, in the README's words): a challenge is a scheme and a comma separated list of parameters.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts auth-header@1.0.0 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check authchallenge==1.0.0 2>/dev/null
cat > write.js <<'JS'
const { format } = require('auth-header');
console.log(format({ scheme: 'Bearer', params: { realm: 'https://registry.example/token', service: 'registry.example', scope: 'repository:api:pull' } }));
JS
cat > read.py <<'PY'
from authchallenge import parse_challenges

written = open("seen").readline().strip()
for header in (written.replace(" service", ", service").replace(" scope", ", scope"), written):
    print("the witness:", *(name for challenge in parse_challenges(header) for name in challenge.params))
PY
node write.js > seen
v/bin/python read.py > witness
cat witness >> seen
cat seen
cat > expected <<'TEXT'
Bearer realm="https://registry.example/token" service=registry.example scope="repository:api:pull"
the witness: realm service scope
the witness: realm
TEXT
cmp -s expected seen || { echo "auth-header writes something else now"; exit 1; }

#!/usr/bin/env bash
# azure-kusto-data 7.0.4 (npm) and azure-kusto-data 6.0.4 (PyPI) as a witness. Node.js 20 and Python 3.11 or newer.
#
# Input: a connection string for a service principal whose secret is `p=q==`, read by both packages' KustoConnectionStringBuilder; equals signs stand in
# base64, and so in secrets and keys.
# Guess: p=q==, twice.
# Seen: p=q== in Python, and p in JavaScript: each part is split at every equals sign and all but the first two pieces are dropped. toString() writes the shortened
# key as well. The sign-in fails later, for a wrong secret, which nothing in the string is to blame for.
# Expected: a key of such a string ends at its first equals sign and the value at the next semicolon, as Azure's storage accounts and service buses have them, and as
# the same team's package for Python reads it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts azure-kusto-data@7.0.4 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-kusto-data==6.0.4 2>/dev/null
cat > read.js <<'JS'
const { KustoConnectionStringBuilder } = require('azure-kusto-data');
for (const secret of ['plain', 'p=q==']) {
  const text = `Data Source=https://cluster.example;Application Client Id=web;Application Key=${secret};Authority Id=team;AAD Federated Security=True`;
  const read = new KustoConnectionStringBuilder(text);
  console.log('npm', secret, read.applicationKey, read.toString(false).includes(`Application Key=${secret};`));
}
JS
cat > read.py <<'PY'
from azure.kusto.data import KustoConnectionStringBuilder

for secret in ("plain", "p=q=="):
    text = f"Data Source=https://cluster.example;Application Client Id=web;Application Key={secret};Authority Id=team;AAD Federated Security=True"
    print("pypi", secret, KustoConnectionStringBuilder(text).application_key)
PY
{ node read.js; v/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
npm plain plain true
npm p=q== p false
pypi plain plain
pypi p=q== p=q==
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }

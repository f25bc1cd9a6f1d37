#!/usr/bin/env bash
# har-to-openapi 3.0.1 (npm), with openapi-spec-validator 0.7.2 (PyPI) as a witness. Node.js 20 and Python 3.11 or newer.
#
# Input: a HAR of two requests: `GET /orders?page=3` with an Authorization header, and a form of three fields, size=1, size=2 and note=x; generateSpec().
# Guess: page as a parameter with 3 as its example, and a form with size, which may be repeated, and note; a valid document of OpenAPI 3.0.
# Seen: the value that happened to be sent is the parameter's `default`, so the document says that who names no page gets the third one. The header is a
# parameter too, beside the security scheme, and the token of the recording is its default. The form requires size twice, an object with no
# required field has `required: []`, and the witness refuses the document for both.
# Expected: OpenAPI 3.0.3: default is what the receiver assumes where nothing is sent (Schema Object); a header parameter called Authorization shall be
# ignored (Parameter Object); required has at least one name, each once (JSON Schema Wright-00, 5.15).
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts har-to-openapi@3.0.1 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check openapi-spec-validator==0.7.2 2>/dev/null
cat > convert.js <<'JS'
const fs = require('fs');
const FORM = 'application/x-www-form-urlencoded', BODY = 'size=1&size=2&note=x';
const { generateSpec } = require('har-to-openapi');
const request = (method, url, more) => ({
  startedDateTime: '2026-01-02T12:00:00.000Z', time: 1, cache: {}, timings: { send: 0, wait: 1, receive: 0 },
  request: { method, url, httpVersion: 'HTTP/1.1', cookies: [], headers: [], queryString: [], headersSize: -1, bodySize: -1, ...more },
  response: { status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1', cookies: [], redirectURL: '', headersSize: -1, bodySize: -1,
    headers: [{ name: 'Content-Type', value: 'application/json' }], content: { size: 10, mimeType: 'application/json', text: '{"open":1}' } },
});
const pairs = (text) => [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }));
const har = { log: { version: '1.2', creator: { name: 'recorder', version: '1' }, entries: [
  request('GET', 'https://shop.example/orders?page=3', { queryString: pairs('page=3'), headers: [{ name: 'Authorization', value: 'Bearer abc' }] }),
  request('POST', 'https://shop.example/form', { headers: [{ name: 'Content-Type', value: FORM }], postData: { mimeType: FORM, params: pairs(BODY), text: BODY } }),
] } };
generateSpec(har).then(({ spec }) => {
  fs.writeFileSync('spec.json', JSON.stringify(spec));
  for (const parameter of spec.paths['/orders'].get.parameters) console.log(parameter.in, parameter.name, 'default:', parameter.schema.default);
  console.log('form:', ...spec.paths['/form'].post.requestBody.content[FORM].schema.required);
});
JS
cat > check.py <<'PY'
import json
from openapi_spec_validator import OpenAPIV30SpecValidator

def without_empty(part):
    """The same without `required: []`, the form's doubled name once."""
    if isinstance(part, dict):
        return {name: without_empty(value) for name, value in part.items() if not (name == "required" and value == [])}
    return list(dict.fromkeys(part)) if isinstance(part, list) and all(isinstance(name, str) for name in part) else part

document = json.load(open("spec.json"))
for state in (document, without_empty(document)):
    print("refused:", *sorted({error.absolute_path[1] for error in OpenAPIV30SpecValidator(state).iter_errors()}))
PY
node convert.js > seen
v/bin/python check.py >> seen
cat seen
cat > expected <<'TEXT'
query page default: 3
header Authorization default: Bearer abc
form: size size note
refused: /form /orders
refused:
TEXT
cmp -s expected seen || { echo "har-to-openapi writes something else now"; exit 1; }

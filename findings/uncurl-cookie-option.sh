#!/usr/bin/env bash
# uncurl 0.0.11 (PyPI), Python 3.11 or newer.
#
# Input: `curl -b 'session=1; region=we' URL`, as browsers copy it, the same cookies as a header, and `curl -d state=open -d limit=5 URL`.
# Guess: a GET with two cookies, twice; a POST of state=open&limit=5.
# Seen: -b becomes requests.post with the cookies as its body, and no cookie: it is taken for the short form of --data-binary, so a command that reads
# changes something. In the header the cookies are read. Of the two -d the last one is left.
# Expected: curl's manual: -b is --cookie, and --data-binary has no short form; --data that is given more than once is joined with &. The library converts
# curl commands to requests' code.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check uncurl==0.0.11 2>/dev/null
cat > convert.py <<'PY'
import uncurl

for options in ("-b 'session=1; region=we'", "-H 'Cookie: session=1; region=we'", "-d state=open -d limit=5"):
    request = uncurl.parse_context(f"curl {options} http://127.0.0.1/orders")
    print(f"{options}: {request.method} {request.data!r} {dict(request.cookies)}")
PY
v/bin/python convert.py | tee seen
cat > expected <<'TEXT'
-b 'session=1; region=we': post 'session=1; region=we' {}
-H 'Cookie: session=1; region=we': get None {'session': '1', 'region': 'we'}
-d state=open -d limit=5: post 'limit=5' {}
TEXT
cmp -s expected seen || { echo "uncurl reads something else now"; exit 1; }

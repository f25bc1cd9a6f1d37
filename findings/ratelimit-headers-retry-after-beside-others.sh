#!/usr/bin/env bash
# ratelimit-headers 0.1.0 (PyPI), with retryheader 1.0.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: the headers of a 429 with `Retry-After: 30` alone; the same beside X-RateLimit-Remaining: 59, as GitHub sends them when requests come too fast; and
# `RateLimit: "default";r=50;t=30` with its RateLimit-Policy.
# Guess: 30 seconds, 30 seconds, and 50 remaining.
# Seen: 30, None, and None. One format is chosen by the headers that are there, and what does not belong to it is not read: 59 are left, so a client goes on at
# once where it was told to wait. The third is called "ietf" and all its numbers are missing.
# Expected: RFC 9110, 10.2.3: Retry-After says how long to wait, whatever stands beside it; the IETF's draft on RateLimit fields, since its eighth version: r
# and t in one field. The package promises one state for GitHub, the IETF's draft and Retry-After.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check ratelimit-headers==0.1.0 retryheader==1.0.0 2>/dev/null
cat > read.py <<'PY'
import ratelimit_headers, retryheader

for headers in ({"Retry-After": "30"}, {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "59", "X-RateLimit-Reset": "4102444800", "Retry-After": "30"}):
    state = ratelimit_headers.parse(response_headers=headers)
    print(state.source, state.retry_after, retryheader.delay_from_headers(headers))
field = '"default";r=50;t=30'
state = ratelimit_headers.parse(response_headers={"RateLimit": field, "RateLimit-Policy": '"default";q=100;w=60'})
print(state.source, state.remaining, retryheader.parse_ratelimit(field)[0].remaining)
PY
v/bin/python read.py | tee seen
printf 'retry-after 30 30.0\ngithub None 30.0\nietf None 50\n' | cmp -s - seen || { echo "the headers are read in another way now"; exit 1; }

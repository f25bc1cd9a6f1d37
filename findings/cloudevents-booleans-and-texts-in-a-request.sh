#!/usr/bin/env bash
# cloudevents 2.2.0 (PyPI), Python 3.11 or newer.
#
# Input: events that are turned into requests in binary mode: one with the data False, one with the text hi as application/json, one with the extension
# sampled=True; and a request of application/octet-stream with two bytes, read.
# Guess: the bodies `false` and `"hi"`, the header `ce-sampled: true`, and two bytes.
# Seen: `False`, `hi` and `True`: Python's spelling, and a body that is not the JSON its header promises. The two bytes are a str, since they happen to
# be UTF-8; with 0xff among them they stay bytes.
# Expected: CloudEvents 1.0.2, 3.1: a Boolean is written true or false in a header; HTTP binding, 3.1.2: the body is the data encoded in the media type
# of Content-Type. The type of what a reader gets does not depend on which bytes came.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check cloudevents==2.2.0 2>/dev/null
cat > send.py <<'PY'
from cloudevents.core.bindings import http
from cloudevents.core.v1.event import CloudEvent


def event(data, **more):
    return CloudEvent({"id": "1", "source": "/shop", "type": "order", **more}, data)


print(http.to_binary_event(event(False, datacontenttype="application/json")).body)
print(http.to_binary_event(event("hi", datacontenttype="application/json")).body)
print(http.to_binary_event(event(None, sampled=True)).headers["ce-sampled"])
headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/shop", "ce-type": "order", "content-type": "application/octet-stream"}
for body in (b"\x00\x01", b"\x00\xff"):
    print(repr(http.from_http_event(http.HTTPMessage(headers, body)).get_data()))
PY
v/bin/python send.py | tee seen
cat > expected <<'TEXT'
b'False'
b'hi'
True
'\x00\x01'
b'\x00\xff'
TEXT
cmp -s expected seen || { echo "cloudevents writes something else now"; exit 1; }

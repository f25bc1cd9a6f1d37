#!/usr/bin/env bash
# cloudevents 2.2.0 (PyPI), Python 3.11 or newer.
#
# Input: a request with an event that has no time, read; and two events made from one dict of attributes that has no time.
# Guess: no time in what was read; a time of its own in each event that is made, or none.
# Seen: the reader gives the event a time, the moment at which it was read; and making an event writes `time` into the caller's dict, so that the second
# event, made later, has the time of the first.
# Expected: CloudEvents 1.0.2, the attribute time is optional, and says when the occurrence happened. Who reads an event does not add when it happened,
# and the argument of a constructor is the caller's.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check cloudevents==2.2.0 2>/dev/null
cat > make.py <<'PY'
import time

from cloudevents.core.bindings import http
from cloudevents.core.v1.event import CloudEvent

headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/shop", "ce-type": "order"}
print(http.from_http_event(http.HTTPMessage(headers, b"")).get_time() is not None)
attributes = {"id": "1", "source": "/shop", "type": "order"}
first = CloudEvent(attributes, None)
time.sleep(0.01)
second = CloudEvent(attributes, None)
print(sorted(attributes), first.get_time() == second.get_time())
PY
v/bin/python make.py | tee seen
cat > expected <<'TEXT'
True
['id', 'source', 'specversion', 'time', 'type'] True
TEXT
cmp -s expected seen || { echo "cloudevents sets the time otherwise now"; exit 1; }

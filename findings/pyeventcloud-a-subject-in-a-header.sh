#!/usr/bin/env bash
# pyeventcloud 0.1.0 (PyPI), with cloudevents 2.2.0 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: an event with the subject `café 50%` in binary mode: written as headers by both packages, and the headers of the witness read by the other.
# Guess: `caf%C3%A9%2050%25` from both, and the subject as it was.
# Seen: pyeventcloud writes `café 50%` into the header, and of the witness's header it makes the subject `caf%C3%A9%2050%25`.
# Expected: CloudEvents' HTTP binding 1.0.2, 3.1.3.2: what is not printable ASCII, blanks, quotes and percent signs are percent-encoded in a header, and
# decoded by the reader. The package promises complete bindings of the protocol.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pyeventcloud==0.1.0 cloudevents==2.2.0 2>/dev/null
cat > send.py <<'PY'
import pyeventcloud
from cloudevents.core.bindings import http
from cloudevents.core.v1.event import CloudEvent

words = {"id": "1", "source": "/shop", "type": "order", "subject": "café 50%"}
witness = http.to_binary_event(CloudEvent(dict(words), None)).headers
binding = pyeventcloud.HTTPBinding()
print(witness["ce-subject"])
print(binding.to_binary(pyeventcloud.CloudEvent(**words))[1]["ce-subject"])
print(binding.from_binary(b"", witness).subject)
PY
v/bin/python send.py | tee seen
cat > expected <<'TEXT'
caf%C3%A9%2050%25
café 50%
caf%C3%A9%2050%25
TEXT
cmp -s expected seen || { echo "the packages write the header otherwise now"; exit 1; }

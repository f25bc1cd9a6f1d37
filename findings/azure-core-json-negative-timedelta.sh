#!/usr/bin/env bash
# azure-core 1.41.0 (PyPI) with isodate 0.7.2 (PyPI), which Azure's SDKs read durations with. Python 3.11 or newer.
#
# Input: timedeltas of 5 minutes, of minus 5 minutes and of minus one day, written by AzureJSONEncoder and by isodate, and read again by isodate.
# Guess: PT5M, -PT5M and -P1D, or a longer spelling of them; and the same timedeltas again.
# Seen: the first is `PT05M00S`. Minus 5 minutes is `P-1DT23H55M00S`, the inside of a timedelta written out, a minus before one number of two; minus one day
# is `P-1DT00H00M00S`. isodate, which the same SDKs read with, refuses both.
# Expected: XML Schema, "duration", which OpenAPI and Azure's services use beside ISO 8601: one minus sign in front of the P, and none inside. The function
# that the encoder calls is documented to give ISO 8601; what an SDK writes it can read.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-core==1.41.0 isodate==0.7.2 2>/dev/null
cat > write.py <<'PY'
import json
from datetime import timedelta
import isodate
from azure.core.serialization import AzureJSONEncoder

def read(text):
    try:
        return isodate.parse_duration(text)
    except ValueError as error:
        return type(error).__name__

for span in (timedelta(minutes=5), timedelta(minutes=-5), timedelta(days=-1)):
    azure, witness = json.loads(json.dumps(span, cls=AzureJSONEncoder)), isodate.duration_isoformat(span)
    print(azure, read(azure) == span or read(azure), witness, read(witness) == span)
PY
v/bin/python write.py | tee seen
cat > expected <<'TEXT'
PT05M00S True PT5M True
P-1DT23H55M00S ISO8601Error -PT5M True
P-1DT00H00M00S ISO8601Error -P1D True
TEXT
cmp -s expected seen || { echo "durations are written in another way now"; exit 1; }

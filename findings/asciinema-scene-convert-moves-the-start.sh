#!/usr/bin/env bash
# asciinema-scene 1.3.0 (PyPI), Python 3.11 or newer, Linux.
#
# Input: a recording in asciicast v2, three events at 0.5, 2 and 3 seconds; `sciine convert -f v3 -i FILE`, and the same read from standard input,
# which is the default, by `sciine convert -f v3 < FILE` and through a pipe.
# Guess: v3's intervals 0.5, 1.5 and 1, three times.
# Seen: 0, 1.5 and 1: the half second before the first event is gone, so marks and texts that were timed for the recording are out of step. With < FILE
# the command ends in a traceback, "PermissionError: Operation not permitted": epoll, which it asks for a timeout, takes no regular files.
# Expected: asciicast v2 and v3: the first event's time counts from the start of the recording, and v3's intervals are the differences; to convert is to keep
# them. The README shows `sciine cut --start 1.2 < short.cast`; a program that reads standard input reads it from a file as from a pipe.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check asciinema-scene==1.3.0 2>/dev/null
cat > two.cast <<'TEXT'
{"version": 2, "width": 40, "height": 5}
[0.5, "o", "one\r\n"]
[2.0, "o", "two\r\n"]
[3.0, "o", "three\r\n"]
TEXT
{
  v/bin/sciine convert -f v3 -i two.cast | grep '^\[' | cut -d, -f1 | xargs
  cat two.cast | v/bin/sciine convert -f v3 | grep '^\[' | cut -d, -f1 | xargs
  v/bin/sciine convert -f v3 < two.cast 2>&1 | tail -n 1 || true
} | tee seen
printf '%s\n' '[0.0 [1.5 [1.0' '[0.0 [1.5 [1.0' 'PermissionError: [Errno 1] Operation not permitted' > expected
cmp -s expected seen || { echo "the recording is converted in another way now"; exit 1; }

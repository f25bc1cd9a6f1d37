#!/usr/bin/env bash
# pyte 0.8.2 (PyPI), with tmux as a witness where there is one. Python 3.11 or newer.
#
# Input: a screen of five lines whose first three scroll (`ESC[1;3r`), as programs with a status line set it. The cursor goes to the fourth line, writes
# `status`, and sends a line feed and `X`.
# Guess: X in the last line, behind the column where `status` ends.
# Seen: X is in the third line, in the middle of what scrolls: the line feed moved the cursor up. With the cursor in the last line it is the same, where
# nothing should move at all.
# Expected: DEC's VT510 manual, DECSTBM and IND: a line feed scrolls when the cursor is on the last line of the region; anywhere else it goes one line
# down, and at the end of the page it stays. tmux and xterm do so.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check pyte==0.8.2 2>/dev/null
cat > show.py <<'PY'
import pyte

for row in (4, 5):
    screen = pyte.Screen(10, 5)
    pyte.Stream(screen).feed(f"\x1b[1;3r\x1b[{row};1Hstatus\nX")
    print([line.rstrip() for line in screen.display])
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
['', '', '      X', 'status', '']
['', '', '      X', '', 'status']
TEXT
cmp -s expected seen || { echo "pyte moves the cursor otherwise now"; exit 1; }

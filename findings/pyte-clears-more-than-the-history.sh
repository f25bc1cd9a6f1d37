#!/usr/bin/env bash
# pyte 0.8.2 (PyPI), Python 3.11 or newer.
#
# Input: two lines and `ESC[3J`, which ends `clear` in most terminals' descriptions; two lines and `ESC[1S`, one line up; three characters and `ESC[2b`,
# the last one twice more.
# Guess: the two lines as they are; the second line alone, in the first row; `abccc`.
# Seen: the screen is empty, though the sequence is about what has scrolled away; nothing scrolls; and nothing is repeated. The last two are in the
# description of xterm-256color (indn, rep), so ncurses sends them to whom it believes to be one.
# Expected: xterm's control sequences: ED 3 erases saved lines, SU scrolls up, REP repeats the preceding character. pyte's HistoryScreen alone has saved
# lines; the plain screen has none to erase.
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

for text in ("one\r\ntwo\x1b[3J", "one\r\ntwo\x1b[1S", "abc\x1b[2b"):
    screen = pyte.Screen(10, 2)
    pyte.Stream(screen).feed(text)
    print([line.rstrip() for line in screen.display])
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
['', '']
['one', 'two']
['abc', '']
TEXT
cmp -s expected seen || { echo "pyte reads the sequences otherwise now"; exit 1; }

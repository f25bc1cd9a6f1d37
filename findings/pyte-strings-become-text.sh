#!/usr/bin/env bash
# pyte 0.8.2 (PyPI), Python 3.11 or newer.
#
# Input: sequences that terminals take in silence when they do not know them: a device control string, an application program command (which tmux and
# screen use for titles), a colour with colons, a curly underline, and the request for the keyboard's extended mode, each between `a` and `b`.
# Guess: ab, five times.
# Seen: the inside of each is written on the screen, as `aq#0;1b`, `atitleb`, `a2::1:2:3mb`, `a3mb` and `a1ub`. A program that asks a modern terminal
# for something leaves letters in its picture.
# Expected: ECMA-48, 5.4 and 8.3: a control sequence goes on until its final byte, and colons are parameter bytes as digits are; a string goes on until
# ST. Who does not know one skips it whole.
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

for middle in ("\x1bPq#0;1\x1b\\", "\x1b_title\x1b\\", "\x1b[38:2::1:2:3m", "\x1b[4:3m", "\x1b[=1u"):
    screen = pyte.Screen(20, 1)
    pyte.Stream(screen).feed(f"a{middle}b")
    print(screen.display[0].rstrip())
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
aq#0;1b
atitleb
a2::1:2:3mb
a3mb
a1ub
TEXT
cmp -s expected seen || { echo "pyte skips other sequences now"; exit 1; }

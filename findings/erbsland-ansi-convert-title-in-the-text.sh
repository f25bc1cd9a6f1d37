#!/usr/bin/env bash
# erbsland-ansi-convert 0.9.1 (PyPI), Python 3.11 or newer.
#
# Input: what a shell writes before its prompt and around a link: `ESC]0;host: ~BEL$ ls`, and a file's name in `ESC]8;;file:///srv/aESC\`, converted to
# text.
# Guess: `$ ls` and `a`.
# Seen: `0;host: ~$ ls` and `8;;file:///srv/aa8;;`: the titles and the addresses are part of the text, without the characters that would show where they
# begin.
# Expected: the package's own summary, terminal emulation for output that was captured; ECMA-48, 8.3.89: an operating system command goes on until ST
# (or BEL, as xterm has it) and is no text. Every prompt of Debian's bash and every `ls --hyperlink` sends one.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check erbsland-ansi-convert==0.9.1 2>/dev/null
cat > show.py <<'PY'
from erbsland.ansi_convert import Terminal

for text in ("\x1b]0;host: ~\x07$ ls", "\x1b]8;;file:///srv/a\x1b\\a\x1b]8;;\x1b\\"):
    terminal = Terminal(width=40, height=2)
    terminal.write(text)
    print(terminal.to_text().strip())
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
0;host: ~$ ls
8;;file:///srv/aa8;;
TEXT
cmp -s expected seen || { echo "the titles are left out now"; exit 1; }

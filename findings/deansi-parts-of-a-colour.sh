#!/usr/bin/env bash
# deansi 1.2.1 (PyPI), Python 3.11 or newer.
#
# Input: `ESC[38;5;208mwarm ESC[0mESC[38;2;1;2;3mdark ESC[0mESC[1mbold ESC[22mplain`, as tools that know 256 and 16 million colours print it.
# Guess: two colours, or none where it knows none; bold for one word.
# Seen: the first word blinks and is not coloured, and the second one is bright, faint and italic: 5, and then 1, 2 and 3, which are parts of a colour,
# are read as attributes of their own. `ESC[22m`, the end of bold, ends nothing, so that all the rest is bold.
# Expected: ECMA-48 and ISO 8613-6, as every terminal has them: 38 takes what follows it as its arguments, 5 and one number or 2 and three; 22 is the
# end of bold and faint. Who does not know a colour leaves out its arguments too.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check deansi==1.2.1 2>/dev/null
cat > show.py <<'PY'
import deansi

print(deansi.deansi("\x1b[38;5;208mwarm \x1b[0m\x1b[38;2;1;2;3mdark \x1b[0m\x1b[1mbold \x1b[22mplain"))
PY
v/bin/python -W ignore show.py | tee seen
cat > expected <<'TEXT'
<span class='ansi_blink'>warm </span><span class='ansi_bright ansi_faint ansi_italic'>dark </span><span class='ansi_bright'>bold </span><span class='ansi_bright'>plain</span>
TEXT
cmp -s expected seen || { echo "deansi reads the colours otherwise now"; exit 1; }

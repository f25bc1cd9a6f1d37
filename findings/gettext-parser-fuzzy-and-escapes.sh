#!/usr/bin/env bash
# gettext-parser 10.0.0 (npm), with GNU gettext's msgfmt and msgunfmt as witnesses. Node.js 20 or newer.
#
# Input: a catalogue with an entry that is marked fuzzy, and one whose text has an octal and a hexadecimal escape, `A\102\x43`; compiled to a .mo file.
# Guess: a .mo file without the fuzzy entry, and ABC.
# Seen: the fuzzy entry is in the file, so the program shows a translation that nobody has confirmed, of a sentence that has changed since. The escapes lose
# their backslash and nothing else: A102x43. msgfmt leaves the entry out and writes ABC.
# Expected: GNU gettext manual, "Fuzzy Entries" and msgfmt's --use-fuzzy: fuzzy entries are not used in the output unless that is asked for; "PO Files": texts
# have the escape sequences of C. The package promises to compile a PO file to a MO file.
#
# Exit status 0: this is still so. 1: it is not, look again. 2: there is no GNU msgfmt here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
command -v msgfmt msgunfmt >/dev/null || { echo "there is no msgfmt here"; exit 2; }
npm install --silent --no-audit --no-fund --ignore-scripts gettext-parser@10.0.0 >/dev/null 2>&1
cat > de.po <<'PO'
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

#, fuzzy
#| msgid "Delete the backup"
msgid "Delete the app"
msgstr "Sicherung löschen"

msgid "letters"
msgstr "A\102\x43"
PO
cat > compile.mjs <<'JS'
import fs from 'fs';
import * as gettext from 'gettext-parser';
const { po, mo } = gettext.default ?? gettext;
fs.writeFileSync('js.mo', mo.compile(po.parse(fs.readFileSync('de.po'))));
JS
node compile.mjs
msgfmt de.po -o gnu.mo
for file in js gnu; do msgunfmt $file.mo | grep -A1 -E '^msgid "(Delete|letters)' | grep -v '^--' | sed "s/^/$file: /"; done | tee seen
cat > expected <<'TEXT'
js: msgid "Delete the app"
js: msgstr "Sicherung löschen"
js: msgid "letters"
js: msgstr "A102x43"
gnu: msgid "letters"
gnu: msgstr "ABC"
TEXT
cmp -s expected seen || { echo "one of the two compiles something else now"; exit 1; }

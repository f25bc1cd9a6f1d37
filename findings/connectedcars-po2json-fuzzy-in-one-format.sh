#!/usr/bin/env bash
# @connectedcars/po2json 2.0.0 (npm), Node.js 20 or newer.
#
# Input: one catalogue, turned into the formats raw and mf without another option: an entry that is marked fuzzy, one that says `C:\new` (written
# `C:\\new`), and a plural of two forms.
# Guess: the fuzzy one in neither, the backslash as it is, and the plural as one and other.
# Seen: raw leaves the fuzzy one out and has the backslash; mf has the fuzzy one, doubles the backslash of the translation (but not that of its key),
# and writes a plural of p0 and p1, keywords that ICU's MessageFormat does not have.
# Expected: gettext's manual: a fuzzy entry is not used until a person has confirmed it; the package's own option `fuzzy` is false unless it is set. A
# format is a spelling of the same catalogue.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @connectedcars/po2json@2.0.0 >/dev/null 2>&1
cat > catalogue.po <<'PO'
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=n>1;\n"

#, fuzzy
msgid "Close"
msgstr "Ouvrir"

msgid "C:\\new"
msgstr "C:\\neuf"

msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d fichier"
msgstr[1] "%d fichiers"
PO
cat > turn.js <<'JS'
const { parseFileSync } = require('@connectedcars/po2json');
for (const format of ['raw', 'mf']) {
  const catalogue = parseFileSync('catalogue.po', { format });
  console.log(format, JSON.stringify(catalogue.Close), JSON.stringify(catalogue['C:\\new']), JSON.stringify(catalogue['%d file']));
}
JS
node turn.js | tee seen
cat > expected <<'TEXT'
raw undefined [null,"C:\\neuf"] ["%d files","%d fichier","%d fichiers"]
mf "Ouvrir" "C:\\\\neuf" "{0, plural, p0{{0} fichier} p1{{0} fichiers}}"
TEXT
cmp -s expected seen || { echo "the formats agree otherwise now"; exit 1; }

#!/usr/bin/env bash
# gettext-converter 1.3.4 with i18next 25.9.0 (npm), Node.js 20 or newer.
#
# Input: a catalogue of three entries: one that is translated, one whose msgstr is empty, and one that is marked fuzzy because its text has changed;
# po2i18next(), and i18next with its defaults, which shows what it got.
# Guess: the translation, and the English text for the other two, as every program that uses gettext shows them.
# Seen: the translation; an empty text, so a button without a word on it; and the fuzzy translation, which says something else ("delete the backup" for
# "delete the app"). The entry without a translation is written as "", which i18next takes for a translation that is empty.
# Expected: GNU gettext manual: an empty msgstr is an untranslated entry (3), gettext() returns the msgid for it (11.2), and fuzzy entries are not used
# (msgfmt, --use-fuzzy). i18next's documentation, returnEmptyString: "" is a valid translation unless that is turned off; a missing key gives the key.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts gettext-converter@1.3.4 i18next@25.9.0 >/dev/null 2>&1
cat > show.cjs <<'JS'
const { po2i18next } = require('gettext-converter');
const i18next = require('i18next').default ?? require('i18next');
const po = `msgid ""
msgstr "Language: fr\\nContent-Type: text/plain; charset=UTF-8\\n"

msgid "Stop"
msgstr "Arrêter"

msgid "Restart"
msgstr ""

#, fuzzy
#| msgid "Delete the backup"
msgid "Delete the app"
msgstr "Supprimer la sauvegarde"
`;
(async () => {
  await i18next.init({ lng: 'fr', resources: { fr: { translation: await po2i18next(po) } }, showSupportNotice: false });
  for (const text of ['Stop', 'Restart', 'Delete the app', 'Start']) console.log(`${text}: [${i18next.t(text)}]`);
})();
JS
node show.cjs | grep : | tee seen
cat > expected <<'TEXT'
Stop: [Arrêter]
Restart: []
Delete the app: [Supprimer la sauvegarde]
Start: [Start]
TEXT
cmp -s expected seen || { echo "something else is shown now"; exit 1; }

#!/usr/bin/env bash
# @server-sent-stream/parser 1.0.4 (npm), with eventsource-parser 3.0.6 (npm) as a witness. Node.js 20 or newer.
#
# Input: an event whose data is JSON with a text that holds U+2028, the line separator, which JSON.stringify writes as it is: {"text":"one U+2028 two"}.
# Guess: the same text.
# Seen: `{"text":"one `: the rest of the line is gone, and no error or second event says so. JSON.parse of the data throws.
# Expected: HTML standard, "Parsing an event stream": lines end with CR LF, LF or CR; every other character is a part of the line. RFC 8259, 7: U+2028 may
# stand in a JSON string without an escape. The regular expression's dot of JavaScript is the only place where it ends a line.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @server-sent-stream/parser@1.0.4 eventsource-parser@3.0.6 >/dev/null 2>&1
cat > read.mjs <<'JS'
import parser from '@server-sent-stream/parser';
import { createParser } from 'eventsource-parser';

const text = `data: ${JSON.stringify({ text: 'one \u2028 two' })}\n\n`;
const show = (name, data) => console.log(name, data.replace('\u2028', 'U+2028'));
const EventStreamParser = parser.EventStreamParser ?? parser.default ?? parser;
const stream = new EventStreamParser(data => show('server-sent-stream', data));
stream.push(text);
stream.end();
createParser({ onEvent: event => show('eventsource-parser', event.data) }).feed(text);
JS
node read.mjs | tee seen
printf 'server-sent-stream {"text":"one \neventsource-parser {"text":"one U+2028 two"}\n' > expected
cmp -s expected seen || { echo "the line is read in another way now"; exit 1; }

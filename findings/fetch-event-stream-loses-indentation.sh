#!/usr/bin/env bash
# fetch-event-stream 0.1.6 (npm), with eventsource-parser 3.0.6 (npm) as a witness. Node.js 20 or newer.
#
# Input: an event whose data are the four lines of a YAML document with two keys below `scale:`, indented by two blanks; and one whose data begin with an
# empty line.
# Guess: the four lines as they were sent, and an empty line before the text.
# Seen: the indentation is gone, so the document is another one: min and max stand beside scale. The empty line is missing.
# Expected: HTML standard, "Interpreting an event stream": one space behind the colon is taken off, no more, and
# each data field adds its value and a line end. The package is made for streams of text in pieces, where leading blanks are a part of the text.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts fetch-event-stream@0.1.6 eventsource-parser@3.0.6 >/dev/null 2>&1
cat > read.mjs <<'JS'
import { events } from 'fetch-event-stream';
import { createParser } from 'eventsource-parser';

const text = 'data: scale:\ndata:   min: 1\ndata:   max: 3\ndata: name: web\n\ndata:\ndata: ready\n\n';
for await (const event of events(new Response(text))) console.log('fetch-event-stream', JSON.stringify(event.data));
createParser({ onEvent: event => console.log('eventsource-parser', JSON.stringify(event.data)) }).feed(text);
JS
node read.mjs | tee seen
cat > expected <<'TEXT'
fetch-event-stream "scale:\nmin: 1\nmax: 3\nname: web"
fetch-event-stream "ready"
eventsource-parser "scale:\n  min: 1\n  max: 3\nname: web"
eventsource-parser "\nready"
TEXT
cmp -s expected seen || { echo "the events are read in another way now"; exit 1; }

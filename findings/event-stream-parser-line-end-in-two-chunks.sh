#!/usr/bin/env bash
# event-stream-parser 1.0.2 (npm), with eventsource-parser 3.0.6 (npm) as a witness. Node.js 20 or newer.
#
# Input: one event of two lines of data whose lines end with CR LF, in one chunk, and cut into two chunks between the CR and the LF of the first line.
# Guess: one event "first\nsecond", twice.
# Seen: one event for the whole, two for the one that is cut: the CR ends the line, and the LF that begins the next chunk ends an empty one, which ends the
# event. So what arrives depends on how the network cuts it: JSON that is sent on two lines is an error from time to time.
# Expected: HTML standard, "Parsing an event stream": CR LF is one end of line, and a stream has no chunks. RFC 9112 and TCP promise no boundaries either.
# The package says that it follows that standard.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts event-stream-parser@1.0.2 eventsource-parser@3.0.6 >/dev/null 2>&1
cat > read.mjs <<'JS'
import { parse } from 'event-stream-parser';
import { createParser } from 'eventsource-parser';

for (const chunks of [['data: first\r\ndata: second\r\n\r\n'], ['data: first\r', '\ndata: second\r\n\r\n']]) {
  const here = [], witness = [];
  const stream = new ReadableStream({ start(c) { for (const chunk of chunks) c.enqueue(new TextEncoder().encode(chunk)); c.close(); } });
  for await (const event of await parse(stream)) here.push(event.data);
  const parser = createParser({ onEvent: event => witness.push(event.data) });
  for (const chunk of chunks) parser.feed(chunk);
  console.log(chunks.length, JSON.stringify(here), JSON.stringify(witness));
}
JS
node read.mjs | tee seen
cat > expected <<'TEXT'
1 ["first\nsecond"] ["first\nsecond"]
2 ["first","second"] ["first\nsecond"]
TEXT
cmp -s expected seen || { echo "the chunks are put together in another way now"; exit 1; }

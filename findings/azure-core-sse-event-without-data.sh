#!/usr/bin/env bash
# @azure/core-sse 2.4.0 (npm; the event streams of Azure's SDKs for JavaScript), with eventsource-parser 3.0.6 (npm) as a witness. Node.js 20 or newer.
#
# Input: a stream with `event: ping` and no data, then `data: ready`; a line `data` without a colon; and `retry: 1e3` before `data: x`.
# Guess: one event "ready" without a name, an event with an empty text, and no retry.
# Seen: the second event is called ping: the name of the one that was thrown away sticks to the next. The line `data` gives nothing at all. 1e3 is taken
# for a wait of one millisecond. Who listens to the events by name, errors and ends of a log stream say, gets a line of the log for one.
# Expected: HTML standard, "Interpreting an event stream": where the data is empty, data and event type are both set to the empty string; a line without
# a colon is a field with an empty value; retry counts if it has ASCII digits alone. The package's comments name that standard.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @azure/core-sse@2.4.0 eventsource-parser@3.0.6 >/dev/null 2>&1
cat > read.mjs <<'JS'
import { createSseStream } from '@azure/core-sse';
import { createParser } from 'eventsource-parser';

for (const text of ['event: ping\n\ndata: ready\n\n', 'data\n\n', 'retry: 1e3\ndata: x\n\n']) {
  const azure = [], witness = [];
  const stream = new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode(text)); c.close(); } });
  for await (const event of createSseStream(stream)) azure.push(`${event.event}:${event.data}:${event.retry ?? ''}`);
  let retry = '';
  const parser = createParser({ onRetry: value => { retry = value; }, onEvent: event => witness.push(`${event.event ?? ''}:${event.data}:${retry}`) });
  parser.feed(text);
  console.log(JSON.stringify(azure), JSON.stringify(witness));
}
JS
node read.mjs | tee seen
cat > expected <<'TEXT'
["ping:ready:"] [":ready:"]
[] ["::"]
[":x:1"] [":x:"]
TEXT
cmp -s expected seen || { echo "the stream is read in another way now"; exit 1; }

#!/usr/bin/env bash
# azure-pipelines-task-lib 5.281.0 (npm; what the tasks of Azure Pipelines are made with), Node.js 20 or newer.
#
# Input: ToolRunner's line(), which splits what a person wrote into a task's "arguments" box: `--data {\"open\":1}`, the same inside of quotes, and
# `--tags {\"a b\"}`.
# Guess: --data and {"open":1}, twice; --tags, {"a and b"}, as a shell and as Windows split it.
# Seen: outside of quotes the first \" becomes a backslash, and opens a quoted text in which the second is a quote: `{\open":1}`, so the tool gets what is no
# JSON. `{\a b"}` is one argument. Inside of quotes it is as guessed.
# Expected: the function knows \" as a quote, and a backslash and a quote outside of quotes mean that everywhere else: POSIX shell, "Escape Character";
# Microsoft's rules for parsing C++ command-line arguments. If it is not meant to be known there, both characters stay.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts azure-pipelines-task-lib@5.281.0 >/dev/null 2>&1
cat > split.js <<'JS'
const task = require('azure-pipelines-task-lib/task');
for (const line of ['--data "{\\"open\\":1}"', '--data {\\"open\\":1}', '--tags {\\"a b\\"}']) {
  const tool = task.tool(process.execPath);
  tool.line(line);
  console.log(line, '->', ...tool.args.map(word => `<${word}>`));
}
JS
node split.js | grep -v '^##vso' | tee seen
cat > expected <<'TEXT'
--data "{\"open\":1}" -> <--data> <{"open":1}>
--data {\"open\":1} -> <--data> <{\open":1}>
--tags {\"a b\"} -> <--tags> <{\a b"}>
TEXT
cmp -s expected seen || { echo "the line is split in another way now"; exit 1; }

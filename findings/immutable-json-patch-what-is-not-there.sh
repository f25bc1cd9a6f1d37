#!/usr/bin/env bash
# immutable-json-patch 6.0.3 (npm), with rfc6902 5.4.0 (npm) as a witness. Node.js 20 or newer.
#
# Input: six patches of one operation each: replace and remove of a member that is not there, replace of a fourth of three items, add at `/a/9` of one
# item, add without a value, and test of an object whose members stand in another order.
# Guess: five errors, and a test that passes.
# Seen: the first three do nothing and say nothing, so a change that was made for another document counts as done. The fourth adds the item at the end, the fifth
# nothing. The test fails: two equal objects are different when their members were written in another order, as two servers or two languages do it.
# Expected: RFC 6902, 4.2 and 4.3: the target location must exist; 4.1: an index is not greater than the number of elements; 4.6: objects are equal when they have
# the same members with equal values. The README says that it implements this standard.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts immutable-json-patch@6.0.3 rfc6902@5.4.0 >/dev/null 2>&1
cat > apply.mjs <<'JS'
import { immutableJSONPatch } from 'immutable-json-patch';
import { applyPatch } from 'rfc6902';
for (const [before, operation] of [
  [{ a: 1 }, { op: 'replace', path: '/b', value: 2 }],
  [{ a: 1 }, { op: 'remove', path: '/b' }],
  [{ a: [1, 2, 3] }, { op: 'replace', path: '/a/3', value: 4 }],
  [{ a: [1] }, { op: 'add', path: '/a/9', value: 2 }],
  [{ a: 1 }, { op: 'add', path: '/b' }],
  [{ a: { x: 1, y: 2 } }, { op: 'test', path: '/a', value: { y: 2, x: 1 } }],
]) {
  let answer;
  try { answer = JSON.stringify(immutableJSONPatch(before, [operation])); } catch { answer = 'refused'; }
  const [error] = applyPatch(structuredClone(before), [operation]);
  console.log(JSON.stringify(operation), '|', answer, '|', error ? error.name : 'done');
}
JS
node apply.mjs | tee seen
cat > expected <<'TEXT'
{"op":"replace","path":"/b","value":2} | {"a":1} | MissingError
{"op":"remove","path":"/b"} | {"a":1} | MissingError
{"op":"replace","path":"/a/3","value":4} | {"a":[1,2,3]} | MissingError
{"op":"add","path":"/a/9","value":2} | {"a":[1,2]} | MissingError
{"op":"add","path":"/b"} | {"a":1} | InvalidOperationError
{"op":"test","path":"/a","value":{"y":2,"x":1}} | refused | done
TEXT
cmp -s expected seen || { echo "one of the two applies otherwise now"; exit 1; }

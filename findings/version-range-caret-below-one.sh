#!/usr/bin/env bash
# version-range 4.15.0 (npm), with semver 7.7.3 (npm) as a witness. Node.js 20 or newer.
#
# Input: 0.3.0 against `^0.2.0`, 0.0.4 against `^0.0.3`, 1.5.0 against `1.2.3 - 2.0.0`, and 1.2.3 against `^1.0.0`.
# Guess: no, no, yes, yes; or an error for the span, which its README does not name.
# Seen: yes, yes, no, yes. The caret keeps the first number only, so for packages below 1.0, where each minor version may break, it lets in every one of
# them; the span is neither refused nor understood.
# Expected: node-semver's documentation, "Caret Ranges": ^0.2.3 is below 0.3.0 and ^0.0.3 below 0.0.4, the leftmost number that is not zero stays. The
# README describes ranges as those of Node.js, with ^ and ~ among its examples.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts version-range@4.15.0 semver@7.7.3 >/dev/null 2>&1
cat > ask.mjs <<'JS'
import within from 'version-range';
import semver from 'semver';
for (const [version, range] of [['0.3.0', '^0.2.0'], ['0.0.4', '^0.0.3'], ['1.5.0', '1.2.3 - 2.0.0'], ['1.2.3', '^1.0.0']]) {
  console.log(version, range, '|', within(version, range), semver.satisfies(version, range));
}
JS
node ask.mjs | tee seen
cat > expected <<'TEXT'
0.3.0 ^0.2.0 | true false
0.0.4 ^0.0.3 | true false
1.5.0 1.2.3 - 2.0.0 | false true
1.2.3 ^1.0.0 | true true
TEXT
cmp -s expected seen || { echo "one of the two answers something else now"; exit 1; }

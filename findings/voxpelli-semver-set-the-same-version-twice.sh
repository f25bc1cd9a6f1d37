#!/usr/bin/env bash
# @voxpelli/semver-set 7.0.0 (npm), with semver 7.7.3 and semver-intersect 1.5.0 (npm) as witnesses. Node.js 20 or newer.
#
# Input: the intersection of `=1.2.3` and `1.2.3`, of `=1.2.3` and `^1.0.0`, and of `1.2.3` and `^1.0.0`.
# Guess: 1.2.3, three times.
# Seen: nothing for the first one, as if the two excluded each other; 1.2.3 for the others. A tool that asks whether two packages agree on a version of
# a third one is told that they do not, though both are pinned to it.
# Expected: node-semver's documentation, "Ranges": "=" is what is meant where no operator stands. semver parses both to one range, and semver-intersect, which
# has the same task, gives 1.2.3.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @voxpelli/semver-set@7.0.0 semver@7.7.3 semver-intersect@1.5.0 >/dev/null 2>&1
cat > meet.mjs <<'JS'
import { semverIntersect } from '@voxpelli/semver-set';
import { intersect } from 'semver-intersect';
import semver from 'semver';
for (const [first, second] of [['=1.2.3', '1.2.3'], ['=1.2.3', '^1.0.0'], ['1.2.3', '^1.0.0']]) {
  console.log(first, second, '|', semverIntersect(first, second), intersect(first, second), new semver.Range(first).range, semver.intersects(first, second));
}
JS
node meet.mjs | tee seen
cat > expected <<'TEXT'
=1.2.3 1.2.3 | undefined 1.2.3 1.2.3 true
=1.2.3 ^1.0.0 | 1.2.3 1.2.3 1.2.3 true
1.2.3 ^1.0.0 | 1.2.3 1.2.3 1.2.3 true
TEXT
cmp -s expected seen || { echo "one of them meets otherwise now"; exit 1; }

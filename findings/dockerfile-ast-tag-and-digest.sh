#!/usr/bin/env bash
# dockerfile-ast 0.7.1 (npm), Node.js 18 or newer.
#
# Input: one image, pinned by tag and digest, from a registry without a port, and from the same registry with its port.
# Guess: both times the name `team/api`, the tag `1.2` and the digest.
# Seen: with a port in the registry's name the tag is null and the name is `team/api:1.2`. Without the port all is right, and with the
# port but without the digest all is right too: two things that are each handled fail where they meet.
# Expected: a reference is host[:port]/path[:tag][@digest] (distribution, reference grammar), and the package's change log says that
# getImageTag() handles a FROM with both since 0.6.0. Hover texts, linters and updaters that are built on it take the image for untagged.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts dockerfile-ast@0.7.1 >/dev/null 2>&1
cat > read.js <<'JS'
const { DockerfileParser } = require('dockerfile-ast');
const digest = '@sha256:' + 'ab'.repeat(32);
for (const image of ['registry.example/team/api:1.2' + digest, 'registry.example:5000/team/api:1.2', 'registry.example:5000/team/api:1.2' + digest]) {
  const from = DockerfileParser.parse(`FROM ${image}\n`).getInstructions()[0];
  console.log(from.getRegistry(), from.getImageName(), from.getImageTag());
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
registry.example team/api 1.2
registry.example:5000 team/api 1.2
registry.example:5000 team/api:1.2 null
TEXT
cmp -s expected seen || { echo "dockerfile-ast reads something else now"; exit 1; }

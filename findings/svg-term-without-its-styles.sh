#!/usr/bin/env bash
# svg-term 2.0.3 (npm), Node.js 18 or newer.
#
# Input: an empty folder, `npm install svg-term`, and `require('svg-term')`.
# Guess: an object with render().
# Seen: "Cannot find module '@emotion/styled'". The published code asks for that package, which stands among devDependencies, so npm installs it for nobody but
# the authors. With @emotion/styled and @emotion/core beside it render() is there.
# Expected: npm's documentation, package.json: what is needed to run stands in dependencies (or in peerDependencies), devDependencies are for building and
# testing. An installation from the registry is what a release is tested with.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts svg-term@2.0.3 >/dev/null 2>&1
look() { node -e "try { console.log(typeof require('svg-term').render); } catch (error) { console.log(error.message.split('\n')[0]); }"; }
look | tee seen
npm install --silent --no-audit --no-fund --ignore-scripts @emotion/styled@10.3.0 @emotion/core@10.3.1 react@16.14.0 >/dev/null 2>&1
look | tee -a seen
printf "Cannot find module '@emotion/styled'\nfunction\n" | cmp -s - seen || { echo "svg-term is loaded in another way now"; exit 1; }

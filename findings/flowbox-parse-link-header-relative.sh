#!/usr/bin/env bash
# @flowbox/parse-link-header 1.0.0 (npm), with http-link-header 1.1.4 (npm) as a witness. Node.js 18 or newer.
#
# Input: the Link header of a registry's list of tags, `</v2/team/api/tags/list?last=v1&n=3>; rel="next"`, the same with its host in front, and one whose
# title has a semicolon in it.
# Guess: `next` with its address, three times.
# Seen: the relative address gives an empty object, so the list ends with its first page. With the host in front there is a next page. The title "team; api"
# is cut at the semicolon.
# Expected: RFC 8288, 3.1: the target is a URI reference, and a relative one is resolved by the reader; the OCI distribution specification and its registries
# write it so. The package is a fork of parse-link-header (npm), which reads relative addresses, and names types and the browser as the differences.
# A text in quotes goes on to the closing quote.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @flowbox/parse-link-header@1.0.0 http-link-header@1.1.4 >/dev/null 2>&1
cat > parse.js <<'JS'
const { default: parse } = require('@flowbox/parse-link-header');
const witness = require('http-link-header');
const path = '/v2/team/api/tags/list?last=v1&n=3';
for (const header of [`<https://registry.example${path}>; rel="next"`, `<${path}>; rel="next"`, '<https://registry.example/>; title="team; api"; rel="next"']) {
  const link = parse(header)?.next, [expected] = witness.parse(header).refs;
  console.log([link?.url, link?.title].join(' '), '|', [expected.uri, expected.title].join(' '));
}
JS
node parse.js | tee seen
cat > expected <<'TEXT'
https://registry.example/v2/team/api/tags/list?last=v1&n=3  | https://registry.example/v2/team/api/tags/list?last=v1&n=3 
  | /v2/team/api/tags/list?last=v1&n=3 
https://registry.example/ team | https://registry.example/ team; api
TEXT
cmp -s expected seen || { echo "the header is read in another way now"; exit 1; }

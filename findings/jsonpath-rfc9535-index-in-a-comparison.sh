#!/usr/bin/env bash
# jsonpath-rfc9535 1.3.0 (npm), with jsonpath-js 0.3.1 (npm) as a witness. Node.js 18 or newer.
#
# Input: an app with ports [8080, 443] and tags [api, beta]; the filters `@.ports[0]==8080`, `@.ports[1]>80`, `@.tags[0]!="api"`, `@.tags[0]` alone, and
# `@.name=="web"`.
# Guess: found, found, not found, found and found.
# Seen: not found, not found, found, found and found: where a query with an index in it is compared it has no value, so == is never true and != always is.
# Alone, and in value(@.tags[0])=="api", it has the right one. No error.
# Expected: RFC 9535, 2.3.5.1 and 2.3.5.2.2: a singular query, which consists of names and indices, is compared by the value of its node. The package names
# that RFC in its name and says that it is based on it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts jsonpath-rfc9535@1.3.0 jsonpath-js@0.3.1 >/dev/null 2>&1
cat > query.js <<'JS'
const { query } = require('jsonpath-rfc9535');
const { JSONPathJS } = require('jsonpath-js');
const apps = [{ name: 'web', ports: [8080, 443], tags: ['api', 'beta'] }];
for (const filter of ['@.ports[0]==8080', '@.ports[1]>80', '@.tags[0]!="api"', '@.tags[0]', 'value(@.tags[0])=="api"', '@.name=="web"']) {
  const path = `$[?${filter}].name`;
  console.log(filter, query(apps, path), new JSONPathJS(path).find(apps));
}
JS
node query.js | tee seen
cat > expected <<'TEXT'
@.ports[0]==8080 [] [ 'web' ]
@.ports[1]>80 [] [ 'web' ]
@.tags[0]!="api" [ 'web' ] []
@.tags[0] [ 'web' ] [ 'web' ]
value(@.tags[0])=="api" [ 'web' ] [ 'web' ]
@.name=="web" [ 'web' ] [ 'web' ]
TEXT
cmp -s expected seen || { echo "the filters find something else now"; exit 1; }

#!/usr/bin/env bash
# @snyk/docker-registry-v2-client 4.0.5 (npm), Node.js 18 or newer.
#
# Input: a repository with seven tags on a registry that gives at most three at once, each page but the last with a Link to the next.
# Guess: getTags and getTagsPaginated both answer with all seven.
# Seen: getTags, which follows the links, has seven. getTagsPaginated has the first three and says nothing: it takes a page that is shorter
# than the thousand it asked for, for the last one.
# Expected: OCI distribution specification, "Listing Tags": a response may hold fewer than n when a Link header is given, so only the Link
# says whether more follow, and a registry caps n as it likes. The function's own comment calls its answer the complete array of all tag
# names and recommends it for registries with many tags, the very ones that cap.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @snyk/docker-registry-v2-client@4.0.5 >/dev/null 2>&1
cat > registry.js <<'JS'
const tags = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'];
require('http').createServer((request, response) => {
  const query = new URL(request.url, 'http://registry').searchParams;
  const rest = tags.filter(tag => tag > (query.get('last') ?? ''));
  const page = rest.slice(0, Math.min(3, Number(query.get('n') ?? 3)));
  response.setHeader('Content-Type', 'application/json');
  if (rest.length > page.length) response.setHeader('Link', `</v2/team/api/tags/list?n=${query.get('n')}&last=${page.at(-1)}>; rel="next"`);
  response.end(JSON.stringify({ name: 'team/api', tags: page }));
}).listen(0, '127.0.0.1', function () { require('fs').writeFileSync('port', String(this.address().port)); });
JS
node registry.js & server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
cat > list.js <<'JS'
const { getTags, getTagsPaginated } = require('@snyk/docker-registry-v2-client');
const registry = '127.0.0.1:' + require('fs').readFileSync('port', 'utf8');
const plain = { protocol: 'http' };
(async () => {
  console.log('getTags', ...await getTags(registry, 'team/api', undefined, undefined, 1000, undefined, plain));
  console.log('getTagsPaginated', ...await getTagsPaginated(registry, 'team/api', undefined, undefined, 1000, plain));
})();
JS
node list.js | tee seen
printf 'getTags v1 v2 v3 v4 v5 v6 v7\ngetTagsPaginated v1 v2 v3\n' | cmp -s - seen || { echo "the client lists something else now"; exit 1; }

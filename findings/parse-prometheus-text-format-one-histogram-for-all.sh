#!/usr/bin/env bash
# parse-prometheus-text-format 1.1.1 (npm), with prometheus-client 0.23.1 (PyPI) as a witness. Node.js 18 and Python 3.11 or newer.
#
# Input: a histogram of request times with a label, path="/a" and path="/b", as every web framework's exporter writes it: two buckets, sum and count for each.
# Guess: two entries, one for each path, with its buckets, its sum and its count.
# Seen: one entry without any label. Its buckets are those of /b; those of /a are gone, and so are both sums and both counts. A summary with a label
# fares alike. Without labels the same metric is read whole.
# Expected: Prometheus' documentation, "Text format details": each line is one sample, told from the others by its labels; of a histogram's lines only le is
# special. The witness keeps all eight samples.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts parse-prometheus-text-format@1.1.1 >/dev/null 2>&1
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check prometheus-client==0.23.1 2>/dev/null
cat > metrics <<'TEXT'
# TYPE wait_seconds histogram
wait_seconds_bucket{path="/a",le="1"} 1
wait_seconds_bucket{path="/a",le="+Inf"} 2
wait_seconds_sum{path="/a"} 3.5
wait_seconds_count{path="/a"} 2
wait_seconds_bucket{path="/b",le="1"} 7
wait_seconds_bucket{path="/b",le="+Inf"} 9
wait_seconds_sum{path="/b"} 12
wait_seconds_count{path="/b"} 9
TEXT
cat > read.js <<'JS'
const read = require('parse-prometheus-text-format');
console.log('npm', JSON.stringify((read.default ?? read)(require('fs').readFileSync('metrics', 'utf8')).map(family => family.metrics)));
JS
cat > read.py <<'PY'
from prometheus_client.parser import text_string_to_metric_families

samples = [sample for family in text_string_to_metric_families(open("metrics").read()) for sample in family.samples]
print("pypi", len(samples), "samples of", *sorted({sample.labels["path"] for sample in samples}))
PY
{ node read.js; v/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
npm [[{"buckets":{"1":"7","+Inf":"9"}}]]
pypi 8 samples of /a /b
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }

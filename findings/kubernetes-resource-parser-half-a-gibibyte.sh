#!/usr/bin/env bash
# kubernetes-resource-parser 0.1.0 (npm), with k8s-resource-parser 0.2.2 (npm) as a witness. Node.js 18 or newer.
#
# Input: memory as manifests write it, `1.5Gi`, `0.5Gi`, `129e6` and `128974848000m`, and a processor's share as the metrics API answers it, `250000000n`.
# Guess: bytes and cores, or an error for the last two of the first group, which are rare.
# Seen: 1.5Gi is 1 byte, 0.5Gi is 0 bytes, 129e6 is 129, and the one in thousandths is NaN; a quarter of a core is 250 million cores. Nothing is said. The
# number is read up to its first point or letter, and a suffix that does not stand directly behind it counts as none. The witness reads the first
# group right and refuses the last one.
# Expected: Kubernetes' documentation, "Quantity": a signed number may have a decimal point, a suffix of Ki to Ei or n to E, or an exponent; "Meaning of memory"
# shows 129e6 and 128974848000m among its examples. A limit that becomes 0 or 1 looks like a container that is always above it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts kubernetes-resource-parser@0.1.0 k8s-resource-parser@0.2.2 >/dev/null 2>&1
cat > read.js <<'JS'
const packages = { first: require('kubernetes-resource-parser'), witness: require('k8s-resource-parser') };
for (const memory of ['512Mi', '1.5Gi', '0.5Gi', '129e6', '128974848000m']) {
  console.log(memory, packages.first.memoryParser(memory), packages.witness.memoryParser(memory));
}
for (const name of Object.keys(packages)) {
  let cores;
  try { cores = packages[name].cpuParser('250000000n'); } catch (error) { cores = 'refused'; }
  console.log('250000000n', name, cores);
}
JS
node read.js | tee seen
cat > expected <<'TEXT'
512Mi 536870912 536870912
1.5Gi 1 1610612736
0.5Gi 0 536870912
129e6 129 129000000
128974848000m NaN 128974848
250000000n first 250000000
250000000n witness refused
TEXT
cmp -s expected seen || { echo "one of the two reads something else now"; exit 1; }

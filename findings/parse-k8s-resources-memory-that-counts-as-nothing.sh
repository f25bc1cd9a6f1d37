#!/usr/bin/env bash
# parse-k8s-resources 0.0.3 (PyPI), Python 3.11 or newer; no cluster is needed, it reads what kubectl prints.
#
# Input: five deployments, one after the other, with one replica and a memory request of 2Gi, 2G, 2147483648, 2097152Ki and 1.5Gi, as
# `kubectl get deployments -o json` has them.
# Guess: a sum of about 2 GiB for the first four, and 1.5 for the last.
# Seen: 3 for the first (one is always added), and 1 for 2G, for the plain number and for Ki: they count as nothing, without a word, so the sum that is
# to plan a cluster's size leaves them out. The last one ends the program with ValueError.
# Expected: Kubernetes' documentation, "Meaning of memory": a plain integer and the suffixes E, P, T, G, M, k and Ei to Ki are all memory.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check parse-k8s-resources==0.0.3 2>/dev/null
for memory in 2Gi 2G 2147483648 2097152Ki 1.5Gi; do
  cat > list.json <<JSON
{"items": [{"kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "generation": 1}, "status": {"replicas": 1}, "spec": {"template":
 {"spec": {"containers": [{"name": "web", "resources": {"requests": {"cpu": "500m", "memory": "$memory"}}}]}}}}]}
JSON
  sum=$(v/bin/parse-k8s-resources < list.json 2> log | awk 'END {print $3}') || sum=$(tail -1 log | cut -d: -f1)
  echo "$memory $sum"
done | tee seen
printf '2Gi 3\n2G 1\n2147483648 1\n2097152Ki 1\n1.5Gi ValueError\n' | cmp -s - seen || { echo "parse-k8s-resources adds otherwise now"; exit 1; }

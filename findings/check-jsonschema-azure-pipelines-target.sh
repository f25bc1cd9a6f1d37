#!/usr/bin/env bash
# check-jsonschema 0.39.0 (PyPI), Python 3.11 or newer.
#
# Input: an azure-pipelines.yml with a container job in which one step has `target: host`, checked with the options of the package's own hook
# (vendor.azure-pipelines, the azure-pipelines transform, regex variant nonunicode). The same without the target, and without the regex variant.
# Guess: valid, three times.
# Seen: with the target: "Additional properties are not allowed ('target' was unexpected)", status 1. Without it: ok. Without the variant a traceback,
# "RegressError: Invalid character escape", before a word about the file: the schema that the package brings has a pattern that the package's
# default cannot read.
# Expected: Azure Pipelines' YAML schema reference: steps.script, steps.task and the others take target, a text or a mapping, since 2020; a step of a container job
# that must run on the agent's host is its plain use. The package's documentation: the vendored schemas are what its options are for.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0 2>/dev/null
cat > with-target.yml <<'YAML'
trigger: [main]
pool: {vmImage: ubuntu-latest}
jobs:
- job: build
  container: python:3.12
  steps:
  - script: python -m pytest
  - script: docker build .
    target: host
YAML
grep -v target with-target.yml > without-target.yml
check() {
  status=0
  v/bin/check-jsonschema --builtin-schema vendor.azure-pipelines --data-transform azure-pipelines "$@" > answer 2>&1 || status=$?
  echo "$* $status" "$(grep -o -E "'target' was unexpected|RegressError: .*" answer | tail -1)"
}
{
  check --regex-variant nonunicode with-target.yml
  check --regex-variant nonunicode without-target.yml
  check without-target.yml
} | tee seen
cat > expected <<'TEXT'
--regex-variant nonunicode with-target.yml 1 'target' was unexpected
--regex-variant nonunicode without-target.yml 0 
without-target.yml 1 RegressError: Invalid character escape
TEXT
cmp -s expected seen || { echo "the pipeline is checked otherwise now"; exit 1; }

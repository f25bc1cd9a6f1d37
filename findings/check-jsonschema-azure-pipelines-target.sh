#!/usr/bin/env bash
# check-jsonschema 0.39.0 (PyPI), Python 3.11 or newer.
#
# Input: an azure-pipelines.yml with a container job whose task, AzureCLI@2, has `target: host`, checked with the options of the package's own hook
# (vendor.azure-pipelines, the azure-pipelines transform, regex variant nonunicode). A script in the place of the task; and the variant left out.
# Guess: valid, three times.
# Seen: with the task: "Additional properties are not allowed ('target' was unexpected)", status 1, while the script may have a target. Without the variant a
# traceback, "RegressError: Invalid character escape", before a word about the file: the schema that the package brings has a pattern that the
# package's default cannot read.
# Expected: Azure Pipelines' YAML schema reference: steps.task has target, a text or a mapping, as steps.script has it. A task of a container job that needs the
# agent's own tools is its plain use. The package's documentation: the vendored schemas are what its options are for.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0 2>/dev/null
cat > task.yml <<'YAML'
trigger: [main]
pool: {vmImage: ubuntu-latest}
jobs:
- job: build
  container: python:3.12
  steps:
  - script: python -m pytest
  - task: AzureCLI@2
    target: host
    inputs: {azureSubscription: shop, scriptType: bash, scriptLocation: inlineScript, inlineScript: az version}
YAML
sed -e 's/task: .*/script: az version/' -e '/inputs/d' task.yml > script.yml
check() {
  status=0
  v/bin/check-jsonschema --builtin-schema vendor.azure-pipelines --data-transform azure-pipelines "$@" > answer 2>&1 || status=$?
  echo "$* $status" "$(grep -o -E "'target' was unexpected|RegressError: .*" answer | tail -1)"
}
{
  check --regex-variant nonunicode task.yml
  check --regex-variant nonunicode script.yml
  check script.yml
} | tee seen
cat > expected <<'TEXT'
--regex-variant nonunicode task.yml 1 'target' was unexpected
--regex-variant nonunicode script.yml 0 
script.yml 1 RegressError: Invalid character escape
TEXT
cmp -s expected seen || { echo "the pipeline is checked otherwise now"; exit 1; }

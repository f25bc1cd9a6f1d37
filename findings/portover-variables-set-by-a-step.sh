#!/usr/bin/env bash
# portover 0.9.0 (PyPI), Python 3.11 or newer.
#
# Input: an azure-pipelines.yml whose first step sets a variable with `##vso[task.setvariable variable=version]`, which the second one uses as
# $(version); the third runs for the reasons Manual and Schedule, with retryCountOnTaskFailure: 3. `portover run azure-pipelines-to-gha .`
# Guess: the variable by way of GITHUB_ENV, workflow_dispatch and schedule, or manual steps that name what is not translated.
# Seen: no manual step. The first step prints its command, the second has $(version), which bash takes for a program, the third compares with 'Manual', which
# github.event_name never is, and has lost its repetition.
# Expected: GitHub's documentation, "Workflow commands" and "Contexts": a step sets variables through GITHUB_ENV, the event of a run by hand is called
# workflow_dispatch. The README promises that no directive is dropped without a word, each is mapped or named as a manual step.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check portover==0.9.0 2>/dev/null
mkdir project
cat > project/azure-pipelines.yml <<'YAML'
trigger: [main]
pr: none
pool: {vmImage: ubuntu-latest}
steps:
- script: echo "##vso[task.setvariable variable=version]1.4"
- script: echo $(version)
- script: echo nightly
  condition: in(variables['Build.Reason'], 'Manual', 'Schedule')
  retryCountOnTaskFailure: 3
YAML
v/bin/portover run azure-pipelines-to-gha project > answer
grep -E '^ +! |run:|if:|etry' answer | sed 's/^ *//' | tee seen
cat > expected <<'TEXT'
- run: "echo \"##vso[task.setvariable variable=version]1.4\""
- run: echo $(version)
- if: (github.event_name == 'Manual' || github.event_name == 'Schedule')
run: echo nightly
TEXT
cmp -s expected seen || { echo "the pipeline is converted in another way now"; cat answer; exit 1; }

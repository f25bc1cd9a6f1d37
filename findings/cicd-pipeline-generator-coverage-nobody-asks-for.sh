#!/usr/bin/env bash
# cicd-pipeline-generator 1.0.0 (PyPI), Python 3.11 or newer.
#
# Input: its own preset for Python, whose specification says `min_coverage: 80` and names a registry; and the same with 100 and another registry,
# generated for GitHub, Azure DevOps and GitLab.
# Guess: three pipelines that fail below 80 per cent, and below 100; the registry in each.
# Seen: the minimum stands in no file, and the files for 80 and for 100 are the same. The registry is in GitHub's file alone; Azure's takes
# `$(registryConnection)` and `$(imageName)`, whose lines among the variables are comments, so that it pushes to a repository that is literally called
# `$(imageName)`.
# Expected: a key of a specification has an effect, or is refused: pytest-cov has --cov-fail-under for this one. In Azure Pipelines a $(name) that is
# not defined stays as it is ("Define variables").
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check cicd-pipeline-generator==1.0.0 2>/dev/null
mkdir first second
(cd first && ../v/bin/pipe-gen init --preset python >/dev/null && ../v/bin/pipe-gen generate --platform all >/dev/null)
sed 's/min_coverage: 80/min_coverage: 100/; s/registry: .*/registry: registry.example/' first/pipeline.yaml > second/pipeline.yaml
(cd second && ../v/bin/pipe-gen generate --platform all >/dev/null)
{
  diff -rq first second || true
  grep -hE 'registryConnection|imageName' second/azure-pipelines.yml
} | tee seen
cat > expected <<'TEXT'
Files first/.github/workflows/ci.yml and second/.github/workflows/ci.yml differ
Files first/pipeline.yaml and second/pipeline.yaml differ
  # registryConnection: "your-service-connection"
  # imageName: "my-python-app"
              repository: $(imageName)
              containerRegistry: $(registryConnection)
TEXT
cmp -s expected seen || { echo "the pipelines are other ones now"; exit 1; }

#!/usr/bin/env bash
# azure-vault-loader 0.1.0 (PyPI), with python-dotenv 1.2.1 (PyPI) as a witness, Python 3.11 or newer; the map of secrets is empty, so no vault is asked.
#
# Input: `load_azure_secrets ... -c sh -c "exit 3"`; the command that is given is a program's start, a migration or a test in a pipeline.
# Guess: exit status 3.
# Seen: 0. The command is run and what it ended with is not looked at, so a migration or a test that fails counts as done, and a container whose program ended
# with an error is taken for one that finished.
# Expected: a program that runs another one with more variables ends as that one does: "Exit status" of env in GNU coreutils' manual, and `dotenv run`.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check azure-vault-loader==0.1.0 'python-dotenv[cli]==1.2.1' 2>/dev/null
echo '{"tenant": "00000000-0000-0000-0000-000000000000", "appId": "web", "password": "value"}' > principals.json
echo '{}' > map.json
touch .env
{
  status=0; v/bin/load_azure_secrets -p principals.json -m map.json -u https://vault.example/ -c sh -c 'echo ran; exit 3' || status=$?
  echo "azure-vault-loader $status"
  status=0; v/bin/dotenv run -- sh -c 'exit 3' || status=$?
  echo "dotenv $status"
} | tee seen
printf 'ran\nazure-vault-loader 0\ndotenv 3\n' | cmp -s - seen || { echo "one of the two ends otherwise now"; exit 1; }

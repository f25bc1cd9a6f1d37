#!/usr/bin/env bash
# keyvault-env 1.0.5 (PyPI), Python 3.11 or newer; a stand-in for the vault's client shows what would be stored.
#
# Input: an .env file with a value that is itself in quotes (`SECRET_TITLE='"shop"'`, a text in JSON), one with blanks that are kept by quotes
# (`SECRET_PAD=" x "`), and two names that differ in their case and sign: SECRET_API_KEY and SECRET_API__KEY.
# Guess: the texts `"shop"` and ` x `, as python-dotenv reads them, and two secrets, or a word that their names are one.
# Seen: `shop` and `x`: quotes and blanks are taken off a second time, after python-dotenv has read the file. Both keys become the secret api-key, the
# second a new version over the first, without a word.
# Expected: the value of a variable is what its file says, once; a password may begin and end with a quote or a blank. Key Vault's names know letters,
# digits and hyphens, so two names that fall together are an error to report.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check keyvault-env==1.0.5 2>/dev/null
cat > vault.env <<'ENV'
SECRET_TITLE='"shop"'
SECRET_PAD=" x "
SECRET_API_KEY=first
SECRET_API__KEY=second
ENV
cat > store.py <<'PY'
from keyvault_env.core import KeyVaultEnv


class Vault:
    def set_secret(self, name, value):
        print(name, repr(value))


upload = KeyVaultEnv(vault_name="example")
upload.client = Vault()
upload.set_secrets_from_env("vault.env")
PY
v/bin/python -W ignore store.py 2>/dev/null | tee seen
cat > expected <<'TEXT'
title 'shop'
pad 'x'
api-key 'first'
api-key 'second'
TEXT
cmp -s expected seen || { echo "keyvault-env stores something else now"; exit 1; }

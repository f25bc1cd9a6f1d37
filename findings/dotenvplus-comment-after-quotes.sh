#!/usr/bin/env bash
# dotenvplus 0.2.1 (PyPI), with python-dotenv 1.2.4 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a .env file with `NAME="orders" # the app`, `REGION=westeurope # near us` and `MODE="quick"`; and the first line alone.
# Guess: orders, westeurope and quick; orders.
# Seen: one variable, NAME, which holds `orders" # the app`, the two lines below it and the quote before quick: a quoted value goes on to the
# first line that ends with a quote. REGION and MODE do not exist, and no error is raised. The first line alone is `orders" # the app`.
# Expected: npm's dotenv, whose format the others follow, ends a value at its closing quote and takes # behind it for a comment. python-dotenv,
# Docker Compose and bash read three values. The package itself knows comments after a value without quotes.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dotenvplus==0.2.1 python-dotenv==1.2.4 2>/dev/null
printf 'NAME="orders" # the app\nREGION=westeurope # near us\nMODE="quick"\n' > three.env
printf 'NAME="orders" # the app\n' > one.env
printf 'REGION=westeurope # near us\n' > plain.env
cat > read.py <<'PY'
import dotenv
import dotenvplus

for name in ("three.env", "one.env", "plain.env"):
    print(name, "dotenvplus", dict(dotenvplus.DotEnv(name, update_system_env=False).items()))
    print(name, "python-dotenv", dict(dotenv.dotenv_values(name)))
PY
v/bin/python read.py | tee seen
cat > expected <<'TEXT'
three.env dotenvplus {'NAME': 'orders" # the app\nREGION=westeurope # near us\nMODE="quick'}
three.env python-dotenv {'NAME': 'orders', 'REGION': 'westeurope', 'MODE': 'quick'}
one.env dotenvplus {'NAME': 'orders" # the app'}
one.env python-dotenv {'NAME': 'orders'}
plain.env dotenvplus {'REGION': 'westeurope'}
plain.env python-dotenv {'REGION': 'westeurope'}
TEXT
cmp -s expected seen || { echo "dotenvplus reads something else now"; exit 1; }

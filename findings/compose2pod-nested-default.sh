#!/usr/bin/env bash
# compose2pod 0.7.2 (PyPI), Python 3.11 or newer; no podman is needed, a stand-in writes down what it is told.
#
# Input: a compose file with `MODE: ${MODE:-${FALLBACK:-production}}`, none of the two variables set; and one with the default `cost$$5`.
# Guess: the container gets MODE=production, and PRICE=cost$5.
# Seen: it gets the text `${FALLBACK:-production}` as its MODE, with an exit status of 0 and no word about it, and PRICE is `cost$$5`. A default
# that holds a variable, or a dollar sign, is quoted in the script as if it were the value. Outside of a default both are right.
# Expected: Compose specification, "Interpolation": ${VARIABLE:-${FOO:-default}}, nested, is among its examples, and $$ is a dollar sign in every
# value. The README says that interpolation is left live in the script, resolved by its shell, and that what is not expressible is refused.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose2pod==0.7.2 2>/dev/null
mkdir bin
cat > bin/podman <<'BASH'
#!/usr/bin/env bash
if [ "$1" = run ]; then printf '%s\n' "$@" | grep -E '^(MODE|PRICE|PLAIN)=' >> "${0%/*}/../seen"; fi
BASH
chmod +x bin/podman
cat > compose.json <<'JSON'
{"services": {"web": {"image": "example", "environment": {
  "MODE": "${MODE:-${FALLBACK:-production}}", "PRICE": "${PRICE:-cost$$5}", "PLAIN": "${FALLBACK:-production} cost$$5"}}}}
JSON
v/bin/compose2pod compose.json --target web --image example > run.sh 2>/dev/null
env -u MODE -u PRICE -u FALLBACK PATH="$folder/bin:$PATH" sh run.sh
cat seen
printf '%s\n' 'MODE=${FALLBACK:-production}' 'PRICE=cost$$5' 'PLAIN=production cost$5' | cmp -s - seen || { echo "compose2pod sets other values now"; exit 1; }

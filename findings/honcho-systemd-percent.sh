#!/usr/bin/env bash
# honcho 2.0.0 (PyPI), with systemd 252 (Debian 12's systemd-analyze, amd64) as a judge. Python 3.11 or newer.
#
# Input: a Procfile with one process and a .env with `KEY=pa%kord` and `MODE=quick`; `honcho export` for systemd and for supervisord.
# Guess: the percent sign is doubled in both, since it begins a specifier in the one and an expression in the other.
# Seen: supervisord's file has `KEY=pa%%kord`. systemd's unit has `Environment=KEY=pa%kord`, and systemd-analyze says "Failed to resolve specifiers in
# KEY=pa%kord, ignoring": the service starts without the variable. Where the letter after the sign is a specifier (%h, %n, %u and others) the
# value becomes another one and nothing is said.
# Expected: systemd.exec(5), Environment=: specifiers are expanded; systemd.unit(5), "Specifiers": a single percent sign is written %%. The
# template of the same program for supervisord doubles it.
#
# Exit status 0: this is still so. 1: it is not, look again. 2: this is no Debian 12 on amd64.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for package in systemd libsystemd-shared; do
  apt-get download "$package=252*" >/dev/null 2>&1 || { echo "Debian has no $package 252 here"; exit 2; }
done
for file in *.deb; do dpkg-deb -x "$file" root; done
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check 'honcho[export]==2.0.0' jinja2==3.1.6 2>/dev/null
mkdir app
printf 'web: sleep 60\n' > app/Procfile
printf 'KEY=pa%%kord\nMODE=quick\n' > app/.env
for kind in systemd supervisord; do
  (cd app && ../v/bin/honcho export "$kind" "../$kind" --app orders --user nobody >/dev/null 2>&1)
done
{
  grep -oh 'KEY=pa[^,]*' supervisord/orders.conf
  grep -h '^Environment=[KM]' systemd/orders-web-1.service
  LD_LIBRARY_PATH="root/usr/lib/x86_64-linux-gnu/systemd" SYSTEMD_LOG_TARGET=console root/usr/bin/systemd-analyze verify --man=no systemd/orders-web-1.service 2>&1 |
    grep -oE 'Failed to resolve specifiers in KEY=pa%kord, ignoring' || echo "no objection"
} | tee seen
cat > expected <<'TEXT'
KEY=pa%%kord
Environment=KEY=pa%kord
Environment=MODE=quick
Failed to resolve specifiers in KEY=pa%kord, ignoring
TEXT
cmp -s expected seen || { echo "honcho writes something else now"; exit 1; }

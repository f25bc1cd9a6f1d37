"""The options of servers' command lines that take no value, each as the server's own parser declares them.

From gunicorn 27, uvicorn 0.54, hypercorn 0.18, granian 2.8, daphne 4.2, sanic 25.12, litestar 2.25, quart 0.22, flask 3.1 and
waitress 3.0, and for uWSGI and Django from their documentation; tests/source/test_server_flags.py holds it against the installed.
Without it the word after a flag is taken for its value.
"""

from __future__ import annotations

_WORDS = {
    "gunicorn": "--capture-output --casefold-http-method --check-config --daemon --disable-redirect-access-to-syslog --help --initgroups"
    " --do-handshake-on-connect --enable-backlog-metric --enable-stdio-inheritance --log-syslog --no-control-socket --no-sendfile --spew"
    " --permit-obsolete-folding --permit-unconventional-http-method --permit-unconventional-http-version --preload --print-config"
    " --reload --reuse-port --strip-header-spaces --suppress-ragged-eofs --version -D -R -h -v",
    "uvicorn": "--access-log --date-header --factory --no-access-log --no-date-header --no-proxy-headers --no-server-header --http2"
    " --no-use-colors --proxy-headers --reload --reset-contextvars --server-header --use-colors --version",
    "hypercorn": "--daemon --debug --help --reload -D -h",
    "granian": "--access-log --factory --http1-keep-alive --http1-pipeline-flush --http2-adaptive-window --log --metrics --no-access-log"
    " --no-factory --no-http1-keep-alive --no-http1-pipeline-flush --no-http2-adaptive-window --no-log --no-metrics --no-reload --version"
    " --no-reload-ignore-worker-failure --no-respawn-failed-workers --no-ssl-client-verify --no-ws --reload --ws"
    " --reload-ignore-worker-failure --respawn-failed-workers --ssl-client-verify",
    "daphne": "--help --no-server-name --proxy-headers",
    "fastapi": "--reload --no-reload --proxy-headers --no-proxy-headers --version",
    "litestar": "--create-self-signed-cert --debug --pdb --reload --use-pdb -P -d -r",
    "flask": "--debug --debugger --no-debug --no-debugger --no-reload --reload --version --with-threads --without-threads",
    "quart": "--debug --no-debug --no-reload --reload --version",
    "sanic": "--access-logs --auto-reload --auto-tls --coffee --daemon --debug --dev --factory --fast --help --motd --no-access-logs"
    " --no-coffee --no-motd --no-noisy-exceptions --no-repl --noisy-exceptions --reload --repl --simple --single-process --version"
    " --tls-strict-host --verbosity -1 -3 -D -d -r -s -v",
    "waitress-serve": "--asyncore-use-poll --call --clear-untrusted-proxy-headers --expose-tracebacks --help --ipv4 --ipv6"
    " --log-socket-errors --log-untrusted-proxy-headers --no-asyncore-use-poll --no-clear-untrusted-proxy-headers --no-expose-tracebacks"
    " --no-ipv4 --no-ipv6 --no-log-socket-errors --no-log-untrusted-proxy-headers",
    "django": "--noreload --nothreading --insecure --ipv6 --nostatic --traceback --no-color --force-color --skip-checks -6",
    "uwsgi": "--master -M --enable-threads --die-on-term --vacuum --need-app --lazy --lazy-apps --single-interpreter --strict"
    " --thunder-lock --disable-logging --http-keepalive --http-auto-chunked --honour-stdin --log-master --no-orphans --auto-procname",
}
FLAGS = {server: frozenset(words.split()) for server, words in _WORDS.items()}

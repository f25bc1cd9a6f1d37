#!/usr/bin/env bash
# uvicorn 0.54.0, hypercorn 0.18.0 and cheroot 11.1.2 (PyPI), with gunicorn 27.0.1 and granian 2.8.9 (PyPI) as witnesses. Python 3.11 or newer.
#
# Input: `GET http://shop.example/orders HTTP/1.1` with `Host: shop.example`, the form in which a client speaks to a proxy, sent to a WSGI application
# that answers with its PATH_INFO.
# Guess: /orders from all five.
# Seen: /orders from gunicorn and granian. uvicorn and hypercorn give `http://shop.example/orders` as the path, which no route of any framework matches,
# so the client has a 404. cheroot answers 400, "Absolute URI not allowed if server is not a proxy".
# Expected: RFC 9112, 3.2.2: a server MUST accept the absolute form in requests, though most clients send it to proxies only; 3.3: the path is then taken
# from the target. A proxy that passes a request on as it came is enough to see it.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
stop() {
  kill "${server:-}" 2>/dev/null || return 0
  for _ in $(seq 50); do kill -0 "$server" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$server"
}
trap 'stop; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check uvicorn==0.54.0 hypercorn==0.18.0 cheroot==11.1.2 gunicorn==27.0.1 granian==2.8.9 2>/dev/null
cat > app.py <<'PY'
def app(environ, start_response):
    path = environ["PATH_INFO"].encode("latin-1")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(path)))])
    return [path]
PY
cat > ask.py <<'PY'
import socket, sys, time

for attempt in range(400):
    try:
        client = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
        break
    except OSError:
        time.sleep(0.1)
client.sendall(b"GET http://shop.example/orders HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n")
answer = b"".join(iter(lambda: client.recv(4096), b"")).decode()
head, _, body = answer.partition("\r\n\r\n")
print(head.split()[1], body)
PY
for name in gunicorn granian uvicorn hypercorn cheroot; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  case $name in
    gunicorn) v/bin/gunicorn --bind "127.0.0.1:$port" app:app > log 2>&1 & server=$! ;;
    granian) v/bin/granian --interface wsgi --host 127.0.0.1 --port "$port" app:app > log 2>&1 & server=$! ;;
    uvicorn) v/bin/uvicorn --interface wsgi --port "$port" app:app > log 2>&1 & server=$! ;;
    hypercorn) v/bin/hypercorn --bind "127.0.0.1:$port" wsgi:app:app > log 2>&1 & server=$! ;;
    cheroot) PYTHONPATH=. v/bin/cheroot --bind "127.0.0.1:$port" app:app > log 2>&1 & server=$! ;;
  esac
  echo "$name: $(python3 ask.py "$port")"
  stop
done | tee seen
cat > expected <<'TEXT'
gunicorn: 200 /orders
granian: 200 /orders
uvicorn: 200 http://shop.example/orders
hypercorn: 200 http://shop.example/orders
cheroot: 400 Absolute URI not allowed if server is not a proxy.
TEXT
cmp -s expected seen || { echo "the servers answer something else now"; exit 1; }

#!/usr/bin/env bash
# k8s-to-azure-container-app 0.1.0 (PyPI), Python 3.11 or newer; a loopback server stands for the cluster's API.
#
# Input: one deployment with two containers. web has args, a variable from a secret (valueFrom), a secret as its environment (envFrom), a liveness probe and
# a readiness probe over HTTPS, and asks for two cores and 0.5Gi; side has another secret as its environment. `K8sToAca --output json`.
# Guess: all of that in the app, or a word about what has no counterpart.
# Seen: the args are gone, and so is the liveness probe; the variable is there without a value. Only the last container's secret is among the app's secrets,
# while web's variables still refer to the other one. The readiness probe says "schema" for scheme, so it is asked over HTTP. Two cores become 0.25.
# Exit status 0, and nothing is said.
# Expected: Azure's schema of Microsoft.App/containerApps has args, probes of type Liveness, httpGet.scheme and secretRef, which must name a secret of the app;
# the package promises to migrate deployments with their secrets and probes.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check k8s-to-azure-container-app==0.1.0 2>/dev/null
cat > cluster.py <<'PY'
import base64
import http.server
import json
import os

probe = {"httpGet": {"path": "/ready", "port": 8000, "scheme": "HTTPS"}}
web = {
    "name": "web", "image": "registry.example/web:1", "args": ["--workers", "2"],
    "env": [{"name": "API_KEY", "valueFrom": {"secretKeyRef": {"name": "first", "key": "API_KEY"}}}],
    "envFrom": [{"secretRef": {"name": "first"}}], "ports": [{"containerPort": 8000}],
    "livenessProbe": probe, "readinessProbe": probe, "resources": {"requests": {"cpu": "2", "memory": "0.5Gi"}},
}
side = {"name": "side", "image": "registry.example/side:1", "envFrom": [{"secretRef": {"name": "second"}}]}
deployment = {
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop", "namespace": "shop"},
    "spec": {"replicas": 1, "selector": {}, "template": {"metadata": {}, "spec": {"containers": [web, side]}}},
}


def secret(name, key):
    return {"kind": "Secret", "metadata": {"name": name}, "data": {key: base64.b64encode(b"value").decode()}}


answers = {
    "/apis/apps/v1/namespaces/shop/deployments": {"kind": "DeploymentList", "items": [deployment]},
    "/api/v1/namespaces/shop/secrets/first": secret("first", "API_KEY"),
    "/api/v1/namespaces/shop/secrets/second": secret("second", "QUEUE"),
}


class Cluster(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(answers.get(self.path, {"kind": "Status", "code": 404})).encode()
        self.send_response(200 if self.path in answers else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cluster)
entry = {"apiVersion": "v1", "kind": "Config", "current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}]}
entry |= {"clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}], "users": [{"name": "c", "user": {}}]}
json.dump(entry, open("new", "w"))
os.rename("new", "kubeconfig")
server.serve_forever()
PY
v/bin/python cluster.py & server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -e kubeconfig ] && break; sleep 0.1; done
printf 'N\nN\n' | v/bin/K8sToAca --kubeconfig kubeconfig --namespace shop --output json > log 2>&1
cat > show.py <<'PY'
import json

app = json.load(open("json/shop.json"))["properties"]
web = app["template"]["containers"][0]
print("args", web.get("args"), "command", web["command"])
print("probes", [(probe["type"], sorted(probe["httpGet"])[-1], probe["httpGet"].get("scheme")) for probe in web["probes"]])
print("env", web["env"])
print("secrets", [secret["name"] for secret in app["configuration"]["secrets"]])
print("resources", web["resources"])
PY
v/bin/python show.py | tee seen
cat > expected <<'TEXT'
args None command None
probes [('Readiness', 'schema', None)]
env [{'name': 'API_KEY', 'value': None}, {'name': 'API_KEY', 'secretRef': 'api-key'}]
secrets ['queue']
resources {'cpu': 0.25, 'memory': '0.5Gi'}
TEXT
cmp -s expected seen || { echo "K8sToAca writes something else now"; cat log; exit 1; }

"""Lists of host names that keep out Azure's address, or its probes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import persons_project

FASTAPI = (
    "from fastapi import FastAPI\nfrom starlette.middleware.trustedhost import TrustedHostMiddleware\napp = FastAPI()\n"
    "app.add_middleware(TrustedHostMiddleware, allowed_hosts={hosts})\n@app.get('/health')\ndef health():\n    return {{}}\n"
)
FLASK = (
    'from flask import Flask\napp = Flask(__name__)\napp.config["TRUSTED_HOSTS"] = {hosts}\n'
    '@app.get("/health")\ndef health():\n    return "ok"\n'
)
OURS = '["*.azurecontainerapps.io", ".azurecontainerapps.io"]'


@pytest.mark.parametrize("code", [FASTAPI, FLASK])
@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ('["localhost"]', "the address that Azure gives your API"),
        ('["api.example.org"]', "no version would be ready"),
        (OURS, ""),
        ('["*"]', ""),
    ],
)
def test_the_list_lets_in_azures_address_and_its_probes(code: str, hosts: str, said: str, tmp_path: Path) -> None:
    files = {"app.py": code.format(hosts=hosts), "requirements.txt": "flask\nfastapi\nuvicorn\ngunicorn\n"}
    findings = persons_project(tmp_path / "shop", {**files}).check(app={"port": 5000, "health_path": "/health"})
    told = [item for item in findings if item.id == "trusted-hosts"]
    assert [said in item.sentence for item in told] == ([True] if said else [])
    assert all('.azurecontainerapps.io"]' in item.replacement for item in told)

"""Signing in, each way there is."""

import asyncio
import json
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

import pytest
from azure.core.credentials import AccessTokenInfo
from azure.core.exceptions import ClientAuthenticationError

from wizard.cloud import ChosenSignIn, SignInError, connect_practice
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.credentials import Credential, _opens_in_this_terminal, make_credential
from wizard.cloud.transport.endpoints import PUBLIC
from wizard.platform.daemon_thread import in_daemon_thread

SCOPE = "https://management.azure.com/.default"


async def others_go_on():
    """As while a network is asked: everyone who is ready has a turn first."""
    turn = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


class TokenSource:
    """A credential that counts, and whose tokens live as long as told."""

    def __init__(self, life=3600, error=None):
        self.asked = []
        self.closed = False
        self._life = life
        self._error = error

    async def get_token_info(self, *scopes, options=None):
        self.asked.append((scopes, dict(options or {})))
        await others_go_on()
        if self._error:
            raise self._error
        return AccessTokenInfo(f"token-{len(self.asked)}", int(time.time() + self._life))

    async def close(self):
        self.closed = True


async def test_clients_that_ask_together_sign_in_once():
    source = TokenSource()
    credential = Credential(source)
    tokens = await asyncio.gather(*(credential.get_token_info(SCOPE) for _n in range(5)))
    assert {token.token for token in tokens} == {"token-1"}
    assert (await credential.get_token(SCOPE)).token == "token-1"
    assert len(source.asked) == 1


async def test_a_token_is_renewed_before_it_ends_and_not_much_earlier(monkeypatch):
    source = TokenSource(life=3600)
    credential = Credential(source)
    await credential.get_token_info(SCOPE)
    now = time.time()
    monkeypatch.setattr("wizard.cloud.transport.credentials.time.time", lambda: now + 3200)
    assert (await credential.get_token_info(SCOPE)).token == "token-1"
    monkeypatch.setattr("wizard.cloud.transport.credentials.time.time", lambda: now + 3400)
    assert (await credential.get_token_info(SCOPE)).token == "token-2"


async def test_a_token_of_a_minute_is_used_for_most_of_it(monkeypatch):
    source = TokenSource(life=60)
    credential = Credential(source)
    await credential.get_token_info(SCOPE)
    now = time.time()
    monkeypatch.setattr("wizard.cloud.transport.credentials.time.time", lambda: now + 30)
    assert (await credential.get_token_info(SCOPE)).token == "token-1"


async def test_a_challenge_for_more_claims_is_answered_with_a_new_token():
    source = TokenSource()
    credential = Credential(source)
    await credential.get_token_info(SCOPE)
    token = await credential.get_token_info(SCOPE, options={"claims": "more"})
    assert token.token == "token-2"
    assert (await credential.get_token_info(SCOPE)).token == "token-2"


async def test_another_organization_is_asked_for_by_name():
    source = TokenSource()
    await Credential(source).in_tenant("contoso.com").get_token_info(SCOPE)
    assert source.asked == [((SCOPE,), {"tenant_id": "contoso.com"})]


async def test_a_refused_sign_in_is_a_sentence_and_asked_again_next_time():
    source = TokenSource(error=ClientAuthenticationError("AADSTS700082: The refresh token has expired"))
    credential = Credential(source)
    for _attempt in range(2):
        with pytest.raises(SignInError, match="Sign in again"):
            await credential.get_token_info(SCOPE)
    assert len(source.asked) == 2


async def test_nobody_waits_for_a_device_code_that_was_given_up():
    started, approved = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def until_approved():
        loop.call_soon_threadsafe(started.set)
        approved.wait()

    waiting = asyncio.create_task(in_daemon_thread(until_approved))
    await started.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not approved.is_set()
    approved.set()  # nothing is left behind


@pytest.mark.parametrize("choice", [ChosenSignIn("passkey"), ChosenSignIn("practice"), ChosenSignIn("azure-cli", tenant="not a tenant!")])
def test_a_choice_that_cannot_work_is_refused_with_one_that_can(choice):
    with pytest.raises(SignInError) as refused:
        make_credential(choice, PUBLIC, None, None, None)
    assert "[sign_in]" in refused.value.remedy or "azure-cli" in refused.value.remedy


async def test_a_service_principal_signs_in_from_the_environment(practice_home, monkeypatch):
    info = practice.read()
    monkeypatch.setenv("AZURE_TENANT_ID", info.tenant_id)
    monkeypatch.setenv("AZURE_CLIENT_ID", info.client_id)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", info.client_secret)
    async with await connect_practice(credential="environment") as cloud:
        assert cloud.principal.kind == "ServicePrincipal"
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    with pytest.raises(SignInError, match="AZURE_CLIENT_SECRET"):
        await connect_practice(credential="environment")
    monkeypatch.delenv("AZURE_CLIENT_SECRET")
    with pytest.raises(SignInError, match="AZURE_TENANT_ID"):
        await connect_practice(credential="environment")


def test_a_browser_of_text_never_takes_the_terminal_from_the_wizard(monkeypatch):
    for name, opens_here in {"/usr/bin/w3m": True, "xdg-open": False}.items():
        monkeypatch.setattr("webbrowser.get", lambda name=name: webbrowser.GenericBrowser(name))
        assert _opens_in_this_terminal() is opens_here
    monkeypatch.setattr("webbrowser.get", lambda: webbrowser.GenericBrowser("lynx"))
    with pytest.raises(SignInError, match="device-code"):
        make_credential(ChosenSignIn("browser"), PUBLIC, None, None, None)


@pytest.fixture
def az(tmp_path, monkeypatch):
    """An az on the path that prints what the test puts into its files."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "az"
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\nsys.exit(Path({str(folder / 'answer')!r}).read_text())\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder / "answer"


async def test_nobody_signed_in_to_the_azure_cli_is_told_to(practice_home, az):
    az.write_text("ERROR: Please run 'az login' to setup account.")
    with pytest.raises(SignInError, match="Run az login"):
        await connect_practice(credential="azure-cli")


async def test_the_azure_clis_account_is_used(practice_home, az):
    async with await connect_practice() as first:
        token = await first._credential.get_token_info(SCOPE)
    expires = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.localtime(token.expires_on))
    answer = {"accessToken": token.token, "expiresOn": expires, "expires_on": token.expires_on, "tokenType": "Bearer"}
    az.with_name("az").write_text(f"#!{sys.executable}\nprint({json.dumps(json.dumps(answer))})\n")
    async with await connect_practice(credential="azure-cli") as cloud:
        assert cloud.principal.object_id == first.principal.object_id


def test_no_part_of_the_seam_loads_azures_sdks_before_someone_signs_in():
    heavy = "('azure', 'aiohttp', 'msal')"
    code = f"import sys, wizard.cloud, wizard.engine.journal; sys.exit(any(name.split('.')[0] in {heavy} for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0

"""A file that a line would have made which practice passes over is practice's limit, by whatever name the code asks for it."""

from __future__ import annotations

import pytest

from wizard.practice.apps.not_rehearsed import reason_to_end

BUILT = "COPY --from=web /web/dist ./static"


@pytest.mark.parametrize(
    ("code", "line", "passed_over"),
    [
        (1, "FileNotFoundError: [Errno 2] No such file or directory: 'static/index.html'", BUILT),
        (1, "FileNotFoundError: [Errno 2] No such file or directory: '/app/static/js/main.js'", BUILT),
        (127, "/usr/bin/env: 'ruby': No such file or directory", "apt-get install -y ruby"),
        (127, "/bin/sh: 1: caddy: not found", "curl -sSL https://example.org/install.sh | sh"),
    ],
)
def test_what_a_passed_over_line_may_bring_is_not_blamed_on_the_code(code: int, line: str, passed_over: str) -> None:
    assert passed_over in reason_to_end(code, [line], [passed_over], "python:3.11-slim")


@pytest.mark.parametrize(
    ("code", "line", "passed_over"),
    [
        (1, "FileNotFoundError: [Errno 2] No such file or directory: 'settings.json'", BUILT),
        (127, "/bin/sh: 1: guncorn: not found", "curl -sSL https://example.org/install.sh | sh"),
        (1, "/bin/sh: 1: caddy: not found", "curl -sSL https://example.org/install.sh | sh"),
    ],
)
def test_what_no_line_brings_stays_the_codes(code: int, line: str, passed_over: str) -> None:
    assert reason_to_end(code, [line], [passed_over], "") == ""

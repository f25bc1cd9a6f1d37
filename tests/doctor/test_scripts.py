"""What the programs of a container say of a start script with the line ends of Windows is told apart from a program that is absent."""

from __future__ import annotations

import pytest

from wizard.doctor.script_causes import CARRIAGE_RETURN


@pytest.mark.parametrize(
    ("line", "program"),
    [
        (r"/usr/bin/env: 'bash\r': No such file or directory", "bash"),
        (r"/usr/bin/env: ‘python3\r’: No such file or directory", "python3"),
        ("env: can't execute 'sh\r': No such file or directory", "sh"),
        ("/usr/bin/env: 'ruby': No such file or directory", ""),
    ],
)
def test_env_tells_of_the_carriage_return(line: str, program: str) -> None:
    match = CARRIAGE_RETURN.search(line)
    assert (match[1] if match else "") == program

"""What a list of requirements asks for, held against pip's own parser (the pip that Python brings along), over generated lists."""

from __future__ import annotations

import ensurepip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.source.dependencies import canonical, read_requirements

PARSED_BY_PIP = """
import json, sys
from pathlib import Path
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
session = PipSession()
for folder in sorted(Path(sys.argv[1]).iterdir()):
    asked = []
    try:
        for parsed in parse_requirements(str(folder / "requirements.txt"), session=session):
            if parsed.constraint:
                continue
            made = install_req_from_parsed_requirement(parsed)
            asked.append(made.name or parsed.requirement)
    except Exception as error:
        asked = type(error).__name__
    print(json.dumps([folder.name, asked]))
"""
NAMES = ("flask", "Flask_SQLAlchemy", "gunicorn", "zope.interface", "uvicorn[standard]", "PyJWT[crypto]", "python-dotenv")
BOUNDS = ("", "==3.0.0", ">=2,<4", " >= 2 , < 4", "~=3.0", "!=2.1", "===1.0", " (>=2)")
TAILS = ("", "", "  # the web", " ; python_version >= '3.8'", ';sys_platform=="win32"', " \\\n    --hash=sha256:" + "a" * 64)
OTHERS = (
    "",
    "# only a remark",
    "   # another",
    "-i https://index.example/simple",
    "--extra-index-url https://other.example/simple",
    "--pre",
    "--no-binary :all:",
    "-f ./wheels",
    "--trusted-host index.example",
    "-c limits.txt",
    "-r more.txt",
    "--requirement=more.txt",
    "git+https://example.org/shop.git#egg=shop",
    "shop @ git+https://example.org/shop.git@v1",
    "shop @ https://example.org/shop-1.0.tar.gz ; python_version > '3'",
    "https://example.org/shop-1.0-py3-none-any.whl",
    "-e git+https://example.org/shop.git#egg=shop",
    "flask # one \\",
    "fla\\\nsk==3.0",
)


def generated(seed: int) -> dict[str, str]:
    """The files of one project."""
    chosen = random.Random(seed)  # noqa: S311 - a fixed choice, no secret

    def lines() -> str:
        named = [f"{chosen.choice(NAMES)}{chosen.choice(BOUNDS)}{chosen.choice(TAILS)}" for _number in range(chosen.randint(1, 5))]
        both = [*named, *chosen.sample(OTHERS, chosen.randint(0, 4))]
        chosen.shuffle(both)
        return chosen.choice(("\n", "\r\n")).join(both) + chosen.choice(("\n", ""))

    more = "\n".join(chosen.sample(NAMES, 2))
    return {"requirements.txt": lines(), "more.txt": more, "limits.txt": "flask<4\n"}


def held(folder: Path, seeds: range) -> None:
    """pip and our reader name the same, in the same order."""
    bundled = sorted(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))
    if not bundled:
        pytest.skip("this Python brings no pip along")
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        for name, text in generated(seed).items():
            (place / name).write_bytes(text.encode())
    told = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(bundled[-1])!r}); exec({PARSED_BY_PIP!r})", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    answers = dict(json.loads(line) for line in told.stdout.splitlines())
    assert len(answers) == len(seeds)
    for seed in seeds:
        asked, place = answers[str(seed)], folder / str(seed)
        if isinstance(asked, list):
            ours = dict.fromkeys(requirement.name for requirement in read_requirements(place, place / "requirements.txt"))
            theirs = dict.fromkeys(name if "://" in name else canonical(name) for name in asked)
            assert [*ours] == [*theirs], generated(seed)  # pip reads a list again for each line that includes it, our reader once


def test_pip_asks_for_the_same(tmp_path: Path) -> None:
    held(tmp_path, range(25))


@pytest.mark.nightly
@pytest.mark.parametrize("begin", range(25, 425, 100))
def test_pip_asks_for_the_same_in_four_hundred_lists(tmp_path: Path, begin: int) -> None:
    held(tmp_path, range(begin, begin + 100))

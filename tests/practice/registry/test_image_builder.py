"""A build without an engine: what the image holds afterwards, what was passed over, and that nothing else was touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.practice.registry.building.dockerfiles import BuildError
from wizard.practice.registry.building.image_builder import BuiltStage, assemble

Built = tuple[BuiltStage, list[str]]


def build(folder: Path, text: str, files: dict[str, str] | None = None, *, target: str = "", classic: bool = True) -> Built:
    """The stage that becomes the image, and the log."""
    context, work = folder / "context", folder / "work"
    context.mkdir(exist_ok=True)
    work.mkdir()
    for name, content in (files or {}).items():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(content)
    log: list[str] = []
    return assemble(context, text, {}, work, log.append, target=target, classic=classic), log


def listed(built: BuiltStage) -> list[str]:
    return sorted(path.relative_to(built.folder).as_posix() for path in built.folder.rglob("*") if not path.is_dir() or path.is_symlink())


def test_run_lines_that_need_no_program_are_carried_out(tmp_path: Path) -> None:
    text = """FROM python:3.12-slim
        WORKDIR /srv
        ENV PLACE=/var/lib/shop
        COPY run.sh .
        RUN chmod +x run.sh && mkdir -p $PLACE "/with blank" && chown -R nobody $PLACE
        RUN cp run.sh start.sh; ln -s start.sh go.sh ; mv start.sh /srv/begin.sh ; touch empty
        RUN ["mkdir", "/srv/listed"]
        RUN cd /srv/listed && printf 'a %s\\n' b c > text && echo "$PLACE" >> text
        RUN rm -rf /nowhere /srv/emp* && useradd app
    """
    built, _log = build(tmp_path, text, {"run.sh": "#!/bin/sh\n"})
    assert listed(built) == ["srv/begin.sh", "srv/go.sh", "srv/listed/text", "srv/run.sh"]
    assert (built.folder / "srv/run.sh").stat().st_mode & 0o111
    assert (built.folder / "var/lib/shop").is_dir() and (built.folder / "with blank").is_dir()
    assert (built.folder / "srv/listed/text").read_text() == "a b\na c\n/var/lib/shop\n"
    assert built.passed_over == []


@pytest.mark.parametrize(
    ("line", "passed_over"),
    [
        ("RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*", ["apt-get update", "apt-get install -y curl"]),
        ("RUN curl -s http://x | sh && mkdir /made", ["curl -s http://x | sh"]),
        ("RUN if [ -f x ]; then mkdir /made; fi", ["if [ -f x ]; then mkdir /made; fi"]),
        ("RUN mkdir $(cat names) ; mkdir /made", ["mkdir $(cat names)"]),
        ("RUN test -f /etc/x || mkdir /made", ["test -f /etc/x", "mkdir /made"]),
        ("RUN id app || true", ["id app"]),
        ("RUN mkdir ~app/x", ["mkdir ~app/x"]),
        ("RUN cp --parents a/b /srv/x", ["cp --parents a/b /srv/x"]),
        ("RUN mkdir /made || exit 1", []),
        ("RUN cp /etc/ssl/openssl.cnf /made", ["cp /etc/ssl/openssl.cnf /made"]),
        ("RUN echo done 2>&1 # and a comment", []),
    ],
)
def test_what_only_a_program_can_do_is_passed_over_and_named(tmp_path: Path, line: str, passed_over: list[str]) -> None:
    built, log = build(tmp_path, f"FROM python:3.12\n{line}\n")
    assert built.passed_over == passed_over
    assert [line.removeprefix(" ---> not executed: ") for line in log if "not executed: " in line] == passed_over


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("RUN chmod +x strat.sh", "cannot access '/srv/strat.sh'"),
        ("RUN cp nothing /srv/x", "cannot access"),
        ("RUN mkdir /srv", "File exists"),
        ("RUN rm start.sh && rm start.sh", "No such file"),
        ("RUN cp -r /srv /srv/deeper", "into itself"),
        ("RUN test -f nothing.txt", ""),
        ("RUN [ ! -f start.sh ] && mkdir /srv/x", ""),
        ("RUN set -eux; mkdir /srv; true", "File exists"),
        ('RUN ["sh", "-ec", "mkdir /srv; true"]', "File exists"),
        ('SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN mkdir /srv; true', "File exists"),
        ("RUN exit 1", ""),
        ("RUN false", ""),
    ],
)
def test_a_command_that_fails_for_certain_ends_the_build(tmp_path: Path, lines: str, said: str) -> None:
    log: list[str] = []
    (tmp_path / "context").mkdir()
    (tmp_path / "context/start.sh").write_text("")
    (tmp_path / "work").mkdir()
    with pytest.raises(BuildError, match="returned a non-zero code: 1"):
        assemble(tmp_path / "context", f"FROM python:3\nWORKDIR /srv\nCOPY . .\n{lines}\n", {}, tmp_path / "work", log.append)
    assert said in log[-1]


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("RUN mkdir /srv; mkdir /srv/done", "srv/done"),
        ("RUN mkdir /srv || mkdir /srv/done", "srv/done"),
        ("RUN test -d /srv/data || mkdir /srv/done", "srv/done"),
        ("RUN [ -e start.sh ] && [ ! -e none.sh ] && mkdir done", "srv/done"),
        ('RUN sh -c "mkdir done"', "srv/done"),
        ("RUN adduser --disabled-password --gecos '' --home /srv/done app && cp start.sh /srv/done/", "srv/done/start.sh"),
        ("RUN useradd -ms /bin/bash app && cp start.sh /home/app/", "home/app/start.sh"),
        ("RUN adduser -D -u 1000 app && mkdir /home/app || mkdir /home/app/done", "home/app/done"),
        ("RUN mkdir -- -done", "srv/-done"),
        ("RUN cp -aT . /srv2 && cp -aT /srv/. /srv2", "srv2/start.sh"),
        ("RUN exit 0\nRUN mkdir done; exit; rm -r done", "srv/done"),
    ],
)
def test_a_line_goes_on_as_a_shell_goes_on(tmp_path: Path, line: str, made: str) -> None:
    built, _log = build(tmp_path, f"FROM python:3\nWORKDIR /srv\nCOPY . .\n{line}\n", {"start.sh": ""})
    assert (built.folder / made).exists()


def test_bash_makes_several_words_of_braces_which_practice_does_not(tmp_path: Path) -> None:
    built, _log = build(tmp_path, 'FROM python:3\nSHELL ["/bin/bash", "-c"]\nRUN mkdir -p /app/{a,b}\nRUN touch /app/a/x\n')
    assert built.passed_over == ["mkdir -p /app/{a,b}"]


def test_nothing_is_certain_after_a_line_that_was_passed_over(tmp_path: Path) -> None:
    built, _log = build(tmp_path, "FROM python:3\nWORKDIR /srv\nRUN make\nRUN chmod +x made-by-make\n")
    assert built.passed_over == ["make", "chmod +x made-by-make"]


STAGES = """FROM python:3.12 AS builder
    WORKDIR /build
    COPY requirements.txt .
    RUN pip install --prefix=/install -r requirements.txt
    FROM python:3.12-slim
    COPY --from=builder /install /usr/local
    COPY --from=0 /build/requirements.txt /srv/
    COPY --from=docker.io/library/busybox /bin/sh /bin/busybox
    COPY --from=builder /build /copied
"""


def test_what_an_earlier_stages_run_would_have_made_is_passed_over(tmp_path: Path) -> None:
    built, log = build(tmp_path, STAGES, {"requirements.txt": "flask\n"})
    assert listed(built) == ["copied/requirements.txt", "srv/requirements.txt"]
    assert built.runs == ["pip install --prefix=/install -r requirements.txt"]
    assert any("install of stage builder is passed over" in line for line in log)


def test_what_no_stage_makes_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="file not found"):
        build(tmp_path, "FROM python:3 AS b\nWORKDIR /w\nFROM python:3\nCOPY --from=b /w/none /x\n")


def test_the_build_stops_at_its_target_and_buildkit_builds_only_what_that_needs(tmp_path: Path) -> None:
    text = "FROM python:3 AS a\nRUN mkdir /a\nFROM python:3 AS b\nCOPY absent /b\nFROM a AS c\nRUN mkdir /c\n"
    built, _log = build(tmp_path, text, target="a")
    assert [path.name for path in built.folder.iterdir()] == ["a"]
    (tmp_path / "two").mkdir()
    built, _log = build(tmp_path / "two", text, classic=False)
    assert sorted(path.name for path in built.folder.iterdir()) == ["a", "c"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("COPY a.txt b.txt /x/", ["x/a.txt", "x/b.txt"]),
        ("COPY *.txt none* /x/", ["x/a.txt", "x/b.txt"]),
        ('COPY "a.txt" "./"', ["srv/a.txt"]),
        ("COPY a.txt name", ["srv/name"]),
        ("COPY sub /x", ["x/deep/d.txt"]),
        ("COPY sub/*/ .", ["srv/d.txt"]),
        ('COPY ["a.txt", "/with blank/"]', ["with blank/a.txt"]),
        ("ADD https://example.org/x a.txt /x/", ["x/a.txt"]),
    ],
)
def test_copy_puts_files_where_docker_puts_them(tmp_path: Path, line: str, expected: list[str]) -> None:
    built, _log = build(tmp_path, f"FROM python:3\nWORKDIR /srv\n{line}\n", {"a.txt": "", "b.txt": "", "sub/deep/d.txt": ""})
    assert listed(built) == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("COPY a.txt b.txt .", "must be a directory and end with a /"),
        ("COPY none* /x/", "no source files were specified"),
        ("COPY none a.txt /x/", "file not found in build context"),
        ("COPY ../a.txt /x/", "forbidden path outside the build context"),
        ("COPY --chmod=755 a.txt /x", "--chmod option requires BuildKit"),
    ],
)
def test_copy_fails_where_the_classic_builder_fails(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(BuildError, match=said):
        build(tmp_path, f"FROM python:3\n{line}\n", {"a.txt": "", "b.txt": ""})


def test_buildkit_writes_the_files_that_stand_in_the_dockerfile(tmp_path: Path) -> None:
    text = "FROM python:3\nENV A=1\nCOPY <<one <<'two' /x/\n$A \"q\"\none\n$A\ntwo\nRUN <<EOF\nmkdir /made\nEOF\n"
    built, _log = build(tmp_path, text, classic=False)
    assert [(built.folder / "x" / name).read_text() for name in ("one", "two")] == ['1 "q"\n', "$A\n"]
    assert (built.folder / "made").is_dir()


def test_path_of_the_base_image_is_kept(tmp_path: Path) -> None:
    built, _log = build(tmp_path, 'FROM python:3\nENV PATH="/opt/venv/bin:$PATH"\n')
    assert built.configuration()["Env"] == ["PATH=/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]


@pytest.mark.parametrize(
    ("text", "started"),
    [
        ("FROM python:3\n", ([], ["python3"])),
        ('FROM python:3\nENTRYPOINT ["e"]\n', (["e"], [])),
        ('FROM python:3 AS a\nCMD ["c"]\nFROM a\nENTRYPOINT ["e"]\n', (["e"], [])),
        ('FROM debian\nSHELL ["/bin/bash", "-c"]\nCMD c\n', ([], ["/bin/bash", "-c", "c"])),
    ],
)
def test_what_starts_is_what_docker_starts(tmp_path: Path, text: str, started: tuple[list[str], list[str]]) -> None:
    configuration = build(tmp_path, text)[0].configuration()
    assert (configuration["Entrypoint"], configuration["Cmd"]) == started


# Links: a canary folder lies beside the build; whatever the context and the Dockerfile say, it stays as it is.


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("sed -i 's/@@PORT@@/5000/' c", "bind = '0.0.0.0:5000' @@PORT@@\n#a+b (x)\n"),
        ("sed -i 's/@@PORT@@/5000/g' c", "bind = '0.0.0.0:5000' 5000\n#a+b (x)\n"),
        ("sed -i 's|^#a+b|a\\&b|' c", "bind = '0.0.0.0:@@PORT@@' @@PORT@@\na&b (x)\n"),
        ("sed -i -e 's/(x)$/[&]/' c", "bind = '0.0.0.0:@@PORT@@' @@PORT@@\n#a+b [(x)]\n"),
        ("sed -i -E 's/@+[A-Z]+@+/1/g' c", "bind = '0.0.0.0:1' 1\n#a+b (x)\n"),
        ("sed -i 's/\\(x\\)/\\1/' c", None),
        ("sed -i '/bind/d' c", None),
        ("sed -i -e 's/a/b/' -e 's/b/c/' c", None),
        ("sed 's/a/b/' c", None),
    ],
)
def test_a_replacement_in_a_file_is_carried_out_as_sed_does_or_passed_over(tmp_path: Path, line: str, after: str | None) -> None:
    before = "bind = '0.0.0.0:@@PORT@@' @@PORT@@\n#a+b (x)\n"
    built, _log = build(tmp_path, f"FROM python:3.12\nCOPY c /c\nRUN {line.replace(' c', ' /c')}\n", {"c": before})
    assert built.passed_over == ([] if after is not None else [line.replace(" c", " /c")])
    assert (built.folder / "c").read_text() == (after or before)

"""What a build takes from a Dockerfile: stages, scopes, quotes, and the configuration of the image."""

from __future__ import annotations

import pytest

from wizard.containers.dockerfile_parser import DockerfileSyntaxError, NoStageError
from wizard.containers.dockerfile_stages import Stage, find_stage, read_stages


def last(text: str, **arguments: str) -> Stage:
    return read_stages(text, arguments)[-1]


def words(text: str, name: str, **arguments: str) -> tuple[str, ...]:
    return next(line.words for line in reversed(last(text, **arguments).own) if line.name == name)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('COPY "requirements.txt" "./"', ("requirements.txt", "./")),
        ('COPY ["a b", "/x/"]', ("a b", "/x/")),
        ('COPY a\\"b /x', ('a"b', "/x")),
        ('WORKDIR "/srv/my app"', ("/srv/my app",)),
        ('USER "app"', ("app",)),
        ('VOLUME "/data"', ("/data",)),
        ("ENV A=\"x y\" B='$A'", ("A", "x y", "B", "$A")),
        ('LABEL "a.b"="c d"', ("a.b", "c d")),
        ('EXPOSE "5000" 53/udp', ("5000", "53/udp")),
        ('CMD "a" b', ('"a" b',)),
    ],
)
def test_quotes_are_taken_off_where_docker_takes_them_off(line: str, expected: tuple[str, ...]) -> None:
    assert words(f"FROM a\n{line}\n", line.split()[0]) == expected


def test_copy_parts_its_words_at_blanks_before_it_looks_at_quotes() -> None:
    with pytest.raises(DockerfileSyntaxError, match="single-quote"):
        last("FROM a\nCOPY 'a b' /x/\n")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("$A/x", "1/x"),
        ("${A}x", "1x"),
        ("$Ax", ""),
        ("${B:-d}", "d"),
        ("${A:-d}", "1"),
        ("${A:+s}", "s"),
        ("${B:+s}", ""),
        ("${E:-d}", "d"),
        ("${B:-${A}2}", "12"),
        ("\\$A", "$A"),
        ("'$A'", "$A"),
        ('"$A"', "1"),
        ("$$A", "A"),
    ],
)
def test_variables_are_replaced_as_a_shell_does(word: str, expected: str) -> None:
    assert words(f"FROM a\nENV A=1 E=\nLABEL x={word}\n", "LABEL") == ("x", expected)


@pytest.mark.parametrize("word", ["${A-d}", "${A#1}", "${A%1}", "${A/1/2}", "${}", "${A"])
def test_what_the_classic_builder_does_not_understand_is_refused_with_its_line(word: str) -> None:
    with pytest.raises(DockerfileSyntaxError) as caught:
        last(f"FROM a\nENV A=1\nLABEL x={word}\n")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("word", "expected"), [("${A-d}", "10.tar"), ("${B-d}", "d"), ("${A#1}", "0.tar"), ("${A%%.*}", "10"), ("${A/t?r/z}", "10.z")]
)
def test_buildkit_understands_more(word: str, expected: str) -> None:
    [stage] = read_stages(f"FROM a\nENV A=10.tar\nLABEL x={word}\n", modern=True)
    assert stage.labels == {"x": expected}


def test_an_argument_before_from_is_for_from_and_for_stages_that_name_it() -> None:
    text = "ARG V=3.12\nFROM python:$V\nLABEL a=$V\nARG V\nLABEL b=$V\n"
    stage = last(text)
    assert (stage.image, stage.labels) == ("python:3.12", {"a": "", "b": "3.12"})
    assert last(text, V="3.13").labels["b"] == "3.13"


def test_an_argument_never_beats_a_variable_and_ends_with_its_stage() -> None:
    text = "FROM a AS one\nARG X=1\nENV X=2\nLABEL l=$X\nFROM one\nLABEL m=$X n=$Y\n"
    assert last(text, X="3", Y="4").labels == {"l": "2", "m": "2", "n": ""}
    assert last("FROM a AS one\nARG Y=1\nFROM one\nLABEL n=$Y\n").labels == {"n": ""}


def test_a_proxy_needs_no_arg_line() -> None:
    assert last("FROM a\nLABEL p=$HTTP_PROXY q=$OTHER\n", HTTP_PROXY="http://p", OTHER="x").labels == {"p": "http://p", "q": ""}


def test_the_values_of_one_env_line_are_those_from_before_it() -> None:
    assert last("FROM a\nENV A=1\nENV A=2 B=$A\n").environment == {"A": "2", "B": "1"}


@pytest.mark.parametrize(
    ("text", "entrypoint", "cmd"),
    [
        ('FROM a\nCMD ["c"]\nENTRYPOINT ["e"]\n', ["e"], ["c"]),
        ('FROM a AS b\nCMD ["c"]\nFROM b\nENTRYPOINT ["e"]\n', ["e"], []),
        ('FROM a AS b\nCMD ["c"]\nFROM b\nENTRYPOINT ["e"]\nCMD ["d"]\n', ["e"], ["d"]),
        ('FROM a AS b\nENTRYPOINT ["e"]\nCMD ["c"]\nFROM b\nENTRYPOINT []\n', [], []),
        ('FROM a\nSHELL ["/bin/bash", "-c"]\nCMD run it\n', [], ["/bin/bash", "-c", "run it"]),
        ("FROM a\nCMD run it\n", [], ["/bin/sh", "-c", "run it"]),
        ('FROM a\nCMD run it\nSHELL ["/bin/bash", "-c"]\n', [], ["/bin/sh", "-c", "run it"]),
        ("FROM a\nENTRYPOINT\nCMD\n", [], ["/bin/sh", "-c"]),
    ],
)
def test_an_entrypoint_takes_back_the_cmd_that_its_stage_did_not_say(text: str, entrypoint: list[str], cmd: list[str]) -> None:
    stage = last(text)
    assert (stage.argv(stage.entrypoint), stage.argv(stage.cmd)) == (entrypoint, cmd)


def test_a_stage_is_found_by_name_and_by_number() -> None:
    stages = read_stages("FROM a AS One\nFROM b\nFROM one AS two\n")
    assert [find_stage(stages, name) for name in ("ONE", "1", "two", "3", "none")] == [stages[0], stages[1], stages[2], None, None]
    assert (stages[2].parent, stages[2].base) == (stages[0], "a")


def test_relative_folders_follow_one_another_and_never_leave_the_root() -> None:
    assert last("FROM a\nWORKDIR x\nWORKDIR ../../../y\nWORKDIR z\n").workdir == "/y/z"


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("FROM a\nFOO b\n", "unknown instruction: FOO", 2),
        ("FROM a AS 1b\n", "invalid name for build stage", 1),
        ("FROM a b\n", "FROM requires either one or three arguments", 1),
        ("FROM a\nCOPY b\n", "COPY requires at least two arguments", 2),
        ("FROM a\nCOPY --chomd=1 b c\n", "Unknown flag: chomd", 2),
        ("FROM a\nEXPOSE abc\n", "Invalid containerPort: abc", 2),
        ("FROM a\nSHELL bash\n", "JSON form", 2),
        ("FROM a\nWORKDIR\n", "WORKDIR requires exactly one argument", 2),
        ("FROM $NONE\n", "should not be blank", 1),
        ("FROM a\nONBUILD FROM b\n", "isn't allowed as an ONBUILD trigger", 2),
        ("FROM a\nSHELL []\n", "SHELL requires at least one argument", 2),
        ("FROM a\nEXPOSE 9-8\n", "Invalid containerPort: 9-8", 2),
        ("FROM a\nEXPOSE 70000\n", "Invalid containerPort: 70000", 2),
        ("FROM a\nEXPOSE 80/foo\n", "Invalid proto: foo", 2),
        ("FROM a\nEXPOSE 80:\n", "No port specified", 2),
        ("FROM a\nSTOPSIGNAL SIGFOO\n", "Invalid signal: SIGFOO", 2),
        ("FROM a\nHEALTHCHECK NONE x\n", "takes no arguments", 2),
        ("FROM a\nHEALTHCHECK --interval=3 CMD x\n", "invalid duration", 2),
        ("FROM a\nHEALTHCHECK --retries=a CMD x\n", "invalid syntax", 2),
        ("FROM scratch\nENV A=${NONE:?why}\n", "NONE: why", 2),
    ],
)
def test_what_cannot_be_is_refused_in_dockers_words_with_its_line(text: str, said: str, line: int) -> None:
    with pytest.raises(DockerfileSyntaxError, match=said) as caught:
        read_stages(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("line", "ports"),
    [
        ("EXPOSE 80:90 127.0.0.1:80:91/udp", ["90/tcp", "91/udp"]),
        ("EXPOSE 8000-8002/TCP 8001", ["8000/tcp", "8001/tcp", "8002/tcp"]),
        ("EXPOSE $NONE", []),
    ],
)
def test_the_ports_of_an_image_are_those_of_the_containers_side(line: str, ports: list[str]) -> None:
    assert last(f"FROM a\n{line}\n").ports == ports


@pytest.mark.parametrize(
    "line", ["CMD", "ENTRYPOINT", "RUN", "CMD []", "STOPSIGNAL 9", "STOPSIGNAL rtmin+3", "HEALTHCHECK --interval=1m30s CMD x"]
)
def test_what_docker_builds_is_not_refused(line: str) -> None:
    assert last(f"FROM a\n{line}\n").own[-1].name == line.split()[0]


def test_a_variable_that_the_base_image_may_have_is_not_missed() -> None:
    assert last("FROM a\nLABEL x=${PYTHON_VERSION:?needed}\n").labels == {"x": ""}


def test_what_onbuild_keeps_is_carried_out_once_by_the_stage_built_on_it() -> None:
    text = "FROM a AS one\nONBUILD ENV Q=1\nONBUILD CMD run\nFROM one AS two\nLABEL q=$Q\nFROM two\n"
    one, two, three = read_stages(text)
    assert ("Q" in one.environment, one.cmd) == (False, None)
    assert (two.environment, two.labels, [line.line for line in two.own]) == ({"Q": "1"}, {"q": "1"}, [4, 4, 4, 5])
    assert [line.name for line in three.own] == ["FROM"]


@pytest.mark.parametrize("text", ["ARG A\n", "RUN x\nFROM a\n"])
def test_nothing_stands_before_from(text: str) -> None:
    with pytest.raises(NoStageError):
        read_stages(text)


@pytest.mark.parametrize(
    ("line", "forms"),
    [
        ("RUN --mount=type=cache,target=/x --network=none a", ("--mount", "--network")),
        ("RUN --security=insecure a", ("--security",)),
        ("COPY --chmod=755 --link --parents --exclude=x a /b", ("--chmod", "--link", "--parents", "--exclude")),
        ("ADD --checksum=sha256:0 http://h/a /b", ("--checksum",)),
        ("ADD https://github.com/o/r.git#main /b", ("git",)),
        ("ADD git@github.com:o/r.git /b", ("git",)),
        ("RUN <<EOF\nx\nEOF", ("<<",)),
        ("COPY <<EOF /x\nx\nEOF", ("<<",)),
        ("ONBUILD COPY --chmod=1 a b", ("--chmod",)),
        ("COPY --from=a --chown=b c d", ()),
        ("ADD https://h/a.tar.gz /b", ()),
        ("RUN cat <<<x", ()),
    ],
)
def test_what_only_buildkit_builds_is_known(line: str, forms: tuple[str, ...]) -> None:
    assert last(f"FROM a\n{line}\n").own[-1].modern == forms

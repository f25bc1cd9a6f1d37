"""The reader of Dockerfiles takes them apart as BuildKit's own parser does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.containers.dockerfile_parser import DockerfileSyntaxError, parse

PIECES = (
    *("FROM a", "RUN", "COPY", "ENV", "ARG", "CMD", "ENTRYPOINT", "LABEL", "EXPOSE", "ADD", "ONBUILD", "HEALTHCHECK", "USER", "WORKDIR"),
    *("VOLUME", "SHELL", "run", "Foo", "# x", "# escape=`\n", "# syntax=x\n", " ", "  ", "\t", "\n", "\n", "\n", "\r\n", "\\", "\\\n"),
    *("`\n", "`", '"', "'", "a", "b=c", "=", "--from=x", "--x", "--", "[", "]", '"a"', ",", "$A", "${A}", "${A:-b}", "$", "{", "}", "é"),
    *("<<E", "<<-E", '<<"E"', "\nE\n", "E", "0", "#", "<<", "3<<E", "\v", "1", "null", "'E'", '\\"', "\nFROM a\n", '["a", "b"]'),
)
SHAPES = {
    "continued, with a comment and an empty line": "RUN a \\\n  # c\n\n  b \\  \n c\n",
    "an escaped backslash at the end": "RUN a\\\\\nRUN b\n",
    "the other escape character": "# escape=`\nFROM a\nRUN dir `\n  c:\\\n",
    "a directive after a comment is none": "# x\n# escape=`\nFROM a\\\n b\n",
    "a byte order mark and the line ends of Windows": "\ufeffFROM a\r\nRUN b \\\r\n c\r\n",
    "two here-documents": 'COPY <<A <<"B" /x/\n1\nA\n2\nB\nRUN c\n',
    "a here-document with tabs": "RUN cat <<-A\n\tx\n\tA\n",
    "no here-document": "RUN cat <<<b\n",
    "a list that is no JSON": 'CMD [\'a\', "b"]\nCMD ["a",]\n',
    "old and new ENV": 'ENV a b c\nENV a=1 b="x y" c=d\\ e\n',
    "flags": 'COPY --chown="a b" --from=x y z\nCOPY -- --y z\n',
    "instructions that nobody knows": "FROM a\nFOO bar\n",
    "ONBUILD": "ONBUILD COPY --from=x a b\n",
    "HEALTHCHECK": 'HEALTHCHECK --interval=3s CMD ["a"]\nHEALTHCHECK NONE\n',
}


def of_buildkit(text: str) -> Any:
    """What BuildKit's parser makes of a text, as far as this one says the same things; None where there is no such parser here."""
    dockerfile = pytest.importorskip("dockerfile")
    try:
        commands = dockerfile.parse_string(text)
    except dockerfile.GoParseError as error:
        return str(error)
    return [
        (
            (command.cmd or "").upper(),
            (command.sub_cmd or "").upper(),
            command.json,
            (command.start_line, command.end_line),
            command.flags,
            command.value,
            () if command.sub_cmd else tuple((document.name, document.content) for document in command.heredocs),
        )
        for command in commands
    ]


def of_ours(text: str) -> Any:
    try:
        commands = parse(text).commands
    except DockerfileSyntaxError as error:
        return str(error)
    return [
        (
            command.name,
            command.sub.name if command.sub else "",
            command.as_json,
            (command.line, command.end),
            command.flags,
            command.words,
            () if command.sub else tuple((document.name, document.content) for document in command.heredocs),
        )
        for command in commands
    ]


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_each_shape_is_read_as_buildkit_reads_it(text: str) -> None:
    assert of_ours(text) == of_buildkit(text)


@given(st.lists(st.sampled_from(PIECES), max_size=16).map(lambda pieces: "".join(pieces)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_as_buildkit_reads_it(text: str) -> None:
    if any(ord(character) > 127 for word in text.split() if word.startswith("--") for character in word):
        return  # BuildKit takes a flag's bytes, not its characters
    assert of_ours(text) == of_buildkit(text)


def test_a_list_that_is_no_json_is_a_line_for_the_shell() -> None:
    [command] = parse("CMD ['gunicorn', 'app:app']").commands
    assert (command.as_json, command.words) == (False, ("['gunicorn', 'app:app']",))


def test_an_error_names_its_line() -> None:
    with pytest.raises(DockerfileSyntaxError, match="unterminated heredoc") as caught:
        parse("FROM a\n\nRUN <<EOF\nx\n")
    assert caught.value.line == 3


def test_an_escape_directive_holds_for_words_too() -> None:
    [_, command] = parse('# escape=`\nFROM a\nENV a="x`"y" b=c\n').commands
    assert command.words == ("a", '"x`"y"', "b", "c")

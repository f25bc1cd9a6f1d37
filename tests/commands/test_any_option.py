"""Any text for any option or word of any command: refused in a sentence as a wrong command line, or taken; never a fault of the program.

Generated from the commands, so that an option of tomorrow is tried too. What an option says to the practice cloud is asked of its own
rules, in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import click
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.setup.declared import TEXTS
from tests.support.figures import Figures
from wizard.cli import azwizard
from wizard.cloud.errors.cloud_error import PracticeError
from wizard.engine.session import CommandError
from wizard.practice.kernel import faults, seeds

NUMBERS = st.one_of(st.integers(), st.floats()).map(str)
LIKELY = st.sampled_from(
    ["30m", "5h", "2026-01-01", "2026-01-01T00:00:00Z", "error", "info", "role-denied", "throttle:0.2", "tags:5", "real", "a.b=c", "x=y"]
)
WORDS = st.one_of(TEXTS, NUMBERS, LIKELY, st.text("0123456789:.-+TZ mhds", max_size=12)).filter(lambda word: "\0" not in word)


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that name it."""
    if isinstance(group, click.Group):
        for name in group.list_commands(click.Context(group)):
            yield from commands(cast(click.Command, group.get_command(click.Context(group), name)), (*path, name))
    else:
        yield path, group


TAKING = [
    (path, command, parameter)
    for path, command in commands(azwizard)
    for parameter in command.params
    if not (isinstance(parameter, click.Option) and parameter.is_flag) and not isinstance(parameter.type, click.Path)
]


def test_many_parameters_are_tried() -> None:
    assert len(TAKING) > 40


@pytest.mark.parametrize("examples", [8, pytest.param(300, marks=pytest.mark.nightly)], ids=["some", "many"])
def test_any_value_of_any_option_is_refused_in_words_or_taken(examples: int, figures: Figures) -> None:
    @settings(max_examples=examples, database=None, deadline=None, phases=(Phase.explicit, Phase.generate))
    @example("é" * 200)  # longer than a file's name may be
    @example("é" * 200 + ".toml")
    @given(WORDS)
    def holds(word: str) -> None:
        for path, command, parameter in TAKING:
            arguments = [parameter.opts[-1], word] if isinstance(parameter, click.Option) else [word]
            try:
                command.make_context(" ".join(path), arguments, parent=click.Context(azwizard, info_name="azwizard"))
            except click.exceptions.Exit as left:
                assert left.exit_code == 0  # --help, said as a word
            except (click.ClickException, CommandError, PracticeError) as refused:
                assert str(refused).strip() or isinstance(refused, click.MissingParameter)

    holds()
    figures(inputs=examples * len(TAKING))


@pytest.mark.parametrize("examples", [100, pytest.param(5000, marks=pytest.mark.nightly)], ids=["some", "many"])
def test_any_fault_or_seed_is_refused_in_words_or_taken(examples: int, figures: Figures) -> None:
    kinds = st.sampled_from([*faults.KINDS, *seeds.KINDS])

    @settings(max_examples=examples, database=None, deadline=None, phases=(Phase.explicit, Phase.generate))
    @example("tags:" + "9" * 5000)
    @example("throttle:" + "9" * 5000)
    @given(st.one_of(WORDS, st.tuples(kinds, WORDS).map(":".join)))
    def holds(text: str) -> None:
        try:
            faults.Faults(doom=lambda _: None, slow=lambda _: None).add([text])
        except faults.UnknownFault as refused:
            assert str(refused).endswith(".")
        try:
            seeds.parse([text])
        except seeds.UnknownSeed as refused:
            assert str(refused).endswith(".")

    holds()
    figures(inputs=examples)

"""Any class.toml is refused in sentences, or every learner of it gets a setup that is right, and a part of it that can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.setup.declared import TEXTS, TYPED
from tests.setup.test_every_field import refusal
from tests.support.figures import Figures
from wizard.classroom.class_file import FORMAT, MOST_LEARNERS, TABLES, own_part, read_class, setup_tables
from wizard.sections.name_rules import PROJECT
from wizard.setup.introspection import questions
from wizard.setup.loading import load, resolve
from wizard.setup.problems import AnswersError

NAMES = st.one_of(st.from_regex(PROJECT.pattern, fullmatch=True), st.from_regex(r"[a-z][a-z0-9-]{0,40}", fullmatch=True), TEXTS)
SUFFIXES = st.one_of(st.from_regex(r"[a-z0-9-]{1,30}", fullmatch=True), TEXTS, st.just(""))
LEARNERS = st.lists(st.fixed_dictionaries({"name": TEXTS}, optional={"suffix": SUFFIXES, "email": TEXTS}), max_size=3)
OWN: dict[str, st.SearchStrategy[Any]] = {
    "class.title": TEXTS,
    "class.project": NAMES,
    "class.learners": LEARNERS,
    "class.exercises": st.lists(st.one_of(st.sampled_from(["port", "crash"]), TEXTS), max_size=2),
    "class.language": st.sampled_from(["en", "fr", "de"]),
    "cloud.region": st.one_of(st.sampled_from(["westeurope", "francecentral"]), TEXTS),
    "cloud.kind": st.sampled_from(["practice", "azure"]),
    "board.listen": st.one_of(st.sampled_from(["127.0.0.1", "0.0.0.0", "::1"]), TEXTS),  # noqa: S104
    "board.port": st.integers(-1, 70000),
    "cloud.budget": st.integers(-1, 10**6),
}
KEYS = [f"{table}.{question.key}" for table, kind in TABLES.items() for question in questions(kind)]
VALUES = st.fixed_dictionaries({}, optional={key: OWN.get(key, TEXTS) for key in KEYS})
ODD = st.dictionaries(st.sampled_from(KEYS), st.one_of(st.sampled_from(TYPED), TEXTS), max_size=1)


def tried(folder: Path, given_values: dict[str, Any]) -> None:
    """One class file: refused, or of use to each of its learners."""
    document: dict[str, Any] = {"format": FORMAT, "class": {"title": "Friday"}}
    for key, value in given_values.items():
        table, _, name = key.partition(".")
        document.setdefault(table, {})[name] = value
    file = folder / "class.toml"
    try:
        file.write_text(tomlkit.dumps(document), encoding="utf-8")
    except (ValueError, TypeError):
        return  # nothing that a TOML file can hold
    try:
        read = read_class(file)
    except AnswersError as refused:
        refusal(refused)
        return
    for learner in read.learners:
        assert read.folder(learner).parent == folder
        setup = folder / "azwizard.toml"
        setup.write_text(tomlkit.dumps(setup_tables(read, learner)), encoding="utf-8")
        resolve(load(setup))
        part = folder / "part.toml"
        part.write_text(own_part(read, learner), encoding="utf-8")
        assert read_class(part).course.learners[0].name == learner.name


@pytest.mark.parametrize("examples", [60, pytest.param(2000, marks=pytest.mark.nightly)], ids=["some", "many"])
def test_any_class_file_is_refused_or_of_use(tmp_path: Path, examples: int, figures: Figures) -> None:
    @settings(max_examples=examples, database=None, deadline=None, phases=(Phase.explicit, Phase.generate))
    @example({"class.project": "a-project-of-many-letters", "class.learners": [{"name": "Anna", "suffix": "abcdefgh"}]}, {})
    @example({"class.learners": [{"name": "Anna", "suffix": "01"}, {"name": "Ben"}, {"name": "Cid", "suffix": "02"}]}, {})
    @given(VALUES, ODD)
    def holds(values: dict[str, Any], odd: dict[str, Any]) -> None:
        tried(tmp_path, {**values, **odd})

    holds()
    figures(inputs=examples)


def test_more_learners_than_any_room_holds_are_refused_before_each_is_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "class.toml"
    learners = "".join(f'[[class.learners]]\nname = "\\u0007{number}"\n' for number in range(20_000))
    file.write_text(f'format = {FORMAT}\n[class]\ntitle = "Friday"\n{learners}', encoding="utf-8")
    with pytest.raises(AnswersError) as refused:
        read_class(file)
    (problem,) = refused.value.problems
    assert str(MOST_LEARNERS) in problem.sentence and "20000" in problem.sentence

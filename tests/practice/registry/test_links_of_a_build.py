"""Links in a build: none leads out of the image."""

from __future__ import annotations

import contextlib
import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.practice.registry.test_image_builder import build, listed
from wizard.practice.registry.building.dockerfiles import BuildError
from wizard.practice.registry.building.image_builder import assemble

OUT = st.sampled_from(["../../../canary", "../../canary", "/canary", "../..", "/", "sub", ".", "a"])
NAMES = st.sampled_from(["a", "b", "sub", "sub/a", "a/x"])
PLACES = st.sampled_from([".", "a", "a/", "b/", "sub", "a/x", "a/new/"])
LINES = st.one_of(
    st.builds("COPY {} {}".format, st.sampled_from([".", "a", "x", "sub"]), PLACES),
    st.builds("ADD links.tar {}".format, PLACES),
    st.builds("WORKDIR {}".format, PLACES),
    st.builds("RUN mkdir -p {}/new".format, NAMES),
    st.builds("RUN ln -sfn {} {}".format, OUT, NAMES),
    st.builds("RUN {} {} {}".format, st.sampled_from(["cp -r", "mv"]), NAMES, NAMES),
    st.builds("RUN {} {}".format, st.sampled_from(["touch", "rm -rf", "chmod -R 700", "echo x >"]), PLACES),
    st.builds("RUN rm -rf {}/*".format, NAMES),
    st.builds("COPY --from=0 {} {}".format, NAMES, PLACES),
)


def canary_of(folder: Path) -> list[tuple[str, int, bytes]]:
    return sorted(
        (str(path.relative_to(folder)), path.stat().st_mode, path.read_bytes() if path.is_file() else b"") for path in folder.rglob("*")
    )


@given(links=st.dictionaries(st.sampled_from(["a", "b", "sub/a", "sub/b"]), OUT, max_size=4), lines=st.lists(LINES, min_size=2, max_size=7))
@settings(max_examples=40, deadline=None)
def test_no_link_leads_a_build_out_of_the_image(tmp_path_factory: pytest.TempPathFactory, links: dict[str, str], lines: list[str]) -> None:
    folder = tmp_path_factory.mktemp("links")
    canary, context, work = folder / "canary", folder / "build" / "context", folder / "build" / "work"
    for made in (canary, context / "sub", work):
        made.mkdir(parents=True)
    for path in (canary / "x", context / "x", context / "sub" / "y"):
        path.write_text("as it was")
    for name, target in links.items():
        (context / name).symlink_to(str(canary) if target == "/canary" else target)
    with tarfile.open(context / "links.tar", "w") as tar:
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, str(canary) if target == "/canary" else target
            tar.addfile(member)
            inner = tarfile.TarInfo(f"{name}/new")
            tar.addfile(inner, io.BytesIO())
    before = canary_of(canary), sorted(folder.iterdir()), sorted((folder / "build").iterdir())
    text = "\n".join(["FROM python:3", *lines[:3], "FROM python:3", *lines, ""]).replace("/canary ", f"{canary} ")
    with contextlib.suppress(BuildError):
        assemble(context, text, {}, work, lambda _: None)
    assert (canary_of(canary), sorted(folder.iterdir()), sorted((folder / "build").iterdir())) == before
    assert {path.name for path in work.iterdir()} <= {"stage0", "stage1"}


def test_a_relative_link_copied_to_another_depth_is_followed_inside_the_image(tmp_path: Path) -> None:
    context = tmp_path / "context"
    (context / "deep" / "er").mkdir(parents=True)
    (context / "deep" / "er" / "link").symlink_to("../..")
    built, _log = build(tmp_path, "FROM python:3\nCOPY deep/er /\nCOPY x /link/inside/\n", {"x": "1"})
    assert listed(built) == ["inside/x", "link"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["context", "work"]

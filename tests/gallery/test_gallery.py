"""The gallery: every shape is read right or asked about, no error is false, and every planted problem is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gallery.reading import WRONG, planted, read_shape
from tests.gallery.shapes import ProjectShape, shapes

SAMPLE = 12
NIGHTLY = 360


def held(shape: ProjectShape, folder: Path) -> None:
    result, why = read_shape(shape, folder)
    assert result != WRONG, why
    assert planted(shape, folder) == []


@pytest.mark.parametrize("shape", shapes(SAMPLE), ids=lambda shape: shape.name)
def test_a_shape_is_read_right(tmp_path: Path, shape: ProjectShape) -> None:
    held(shape, tmp_path / "shop")


@pytest.mark.nightly
@pytest.mark.parametrize("shape", shapes(NIGHTLY)[SAMPLE:], ids=lambda shape: shape.name)
def test_the_whole_gallery_is_read_right(tmp_path: Path, shape: ProjectShape) -> None:
    held(shape, tmp_path / "shop")

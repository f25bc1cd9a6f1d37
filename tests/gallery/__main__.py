"""Read the gallery and print the count: ``python -m tests.gallery [COUNT]``, 360 shapes unless told otherwise."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.gallery.reading import WRONG, planted, read_shape
from tests.gallery.shapes import shapes


def main() -> int:
    """Status 1 when any shape was read wrong, or a planted problem was missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 360
    results: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="gallery-") as name:
        for number, shape in enumerate(shapes(count)):
            folder = Path(name, str(number), "shop")
            result, why = read_shape(shape, folder)
            results[result] += 1
            if result == WRONG:
                print(f"{shape.name}: {why}")
            elif missed := planted(shape, folder):
                results["planted and missed"] += len(missed)
                print(f"{shape.name}: not found: {', '.join(missed)}")
    total = sum(number for result, number in results.items() if result != "planted and missed")
    print(f"{total} shapes: " + ", ".join(f"{number} {result}" for result, number in sorted(results.items())))
    return 1 if results[WRONG] or results["planted and missed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())

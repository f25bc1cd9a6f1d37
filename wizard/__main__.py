"""``python -m wizard`` and the command ``azwizard``."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from wizard.cli import azwizard

    azwizard()


if __name__ == "__main__":
    main()

"""The wizard as numbered lines, for screen readers, simple terminals and pipes: the same questions, the same words."""

from wizard.plain.face import speak

__all__ = ["speak"]

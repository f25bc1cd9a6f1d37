"""The wizard as numbered lines, for screen readers, simple terminals and pipes: the same questions, the same words."""

from wizard.plain.conversation import speak

__all__ = ["speak"]

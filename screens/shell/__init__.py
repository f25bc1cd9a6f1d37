"""Page, Wizard protocol, workers, messages, rail, page registry."""

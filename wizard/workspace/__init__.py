"""One person at work on one setup, without a face: the workspace, draft, progress, known setups."""

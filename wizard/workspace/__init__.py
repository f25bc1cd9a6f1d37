"""One person at work on one setup, without a face: Workspace (was Desk), draft, progress, known setups."""

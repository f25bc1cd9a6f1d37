"""What Azure holds of a setup, read once: Snapshot, resources, discovery by tags, DevOps state, lists to choose from."""

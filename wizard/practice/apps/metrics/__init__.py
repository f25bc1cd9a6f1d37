"""What Azure Monitor tells of container apps: counted and measured as it happens here."""

"""management.azure.com: front, resources, groups, providers, role assignments, identities."""

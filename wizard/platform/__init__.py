"""Ground:
language and phrases, the terminal, folders of this machine, secrets in memory, redaction. Knows nothing of Azure or of setups."""

"""azwizard.toml: read, parsed, validated, derived, written; JSON schema; values of secrets."""

"""The Textual face of azwizard."""

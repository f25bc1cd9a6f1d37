"""What grows when azwizard is used for a long time: a command, outside the suite."""

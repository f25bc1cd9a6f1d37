"""What a compose file says about the service that is built from the project's own code."""

"""The person's code and files, read and never run: Dockerfile, start command, routes, requirements, build context."""

"""The Python packages that an image asks for: read from its RUN lines, installed confined, kept in shared environments."""

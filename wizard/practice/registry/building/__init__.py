"""Building images as a registry's task and docker build do: contexts, Dockerfile lines, requirements."""

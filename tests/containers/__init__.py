"""The leaf that wizard and practice share: Dockerfiles and the container engine."""

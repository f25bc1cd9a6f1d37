"""Jobs of Container Apps: a container that runs to its end when it is asked to."""

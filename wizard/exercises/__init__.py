"""Exercises: deployments on the practice cloud with something wrong in them, hints, and checks that look at the cloud."""

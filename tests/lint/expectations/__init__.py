"""Tests of what the code expects around it."""

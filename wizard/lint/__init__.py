"""Findings in the code before anything is built, and their fixes."""

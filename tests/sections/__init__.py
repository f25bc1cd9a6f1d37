"""Tests of sections."""

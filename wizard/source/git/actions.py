"""The actions that a workflow of ours uses, by commit as GitHub's hardening guide asks, with the version as a comment.

Read on 2026-11-30 from the tags of each repository (github.com/actions/checkout, github.com/Azure/login,
github.com/docker/build-push-action). All of them run on Node 24: Node 20 was taken off GitHub's runners in September 2026.
"""

from __future__ import annotations

CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1"
LOGIN = "azure/login@f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca  # v3.0.1"
BUILD_AND_PUSH = "docker/build-push-action@53b7df96c91f9c12dcc8a07bcb9ccacbed38856a  # v7.3.0"

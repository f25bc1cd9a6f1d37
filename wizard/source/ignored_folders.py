"""Files and folders beside the code that are never read, built or taken for it; and where a Dockerfile usually lies."""

from __future__ import annotations

LEFT_OUT = frozenset({".git", ".gitignore", ".bzr", ".bzrignore", ".hg", ".hgignore", ".svn"})
"""Names at the top of the folder that ``az acr build`` never sends (reference 1.6)."""
LEFT_OUT_ANYWHERE = frozenset({".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""What tools write beside the code: none belongs into an image."""
NEVER_ENTERED = LEFT_OUT | LEFT_OUT_ANYWHERE | {"node_modules", "venv", "env", "build", "dist"}
DOCKERFILES = ("Dockerfile", "docker/Dockerfile")

"""The container app as one ARM payload: payload, differences, writing, revision status."""

"""Right, and what the signed-in principal may do; role assignments."""

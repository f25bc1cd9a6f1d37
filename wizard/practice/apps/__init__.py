"""Container apps, revisions, replicas, ingress, logs."""

"""ARM templates: their language, what they plan, and their deployments."""

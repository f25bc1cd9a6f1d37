"""Container Registry and its builds."""

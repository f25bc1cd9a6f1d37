"""The vault of the setup: itself, who may fill it, and the secrets in it."""

"""How requests leave: endpoints, TLS, names, policies, credentials, the practice process."""

"""What stands over a subscription: the rules of an organization, and locks."""

"""What stands over a subscription: the rules of an organization, locks, and budgets."""

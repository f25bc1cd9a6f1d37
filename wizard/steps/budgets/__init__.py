"""Budgets on a resource group, about which Azure writes."""

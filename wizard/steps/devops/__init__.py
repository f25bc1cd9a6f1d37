"""The steps in Azure DevOps."""

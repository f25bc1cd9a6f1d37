"""The steps that Azure DevOps and GitHub have in common: who a run is in Azure, and the code in the repository."""

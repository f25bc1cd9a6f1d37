"""What a repository and its pipelines hold: in Azure DevOps and on GitHub."""

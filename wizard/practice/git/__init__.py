"""What the practice Azure DevOps and GitHub have in common: Git repositories, Git's protocol, and Docker on the machine of a run."""

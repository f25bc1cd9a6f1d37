"""GitHub: repositories, variables, workflows and their runs, and the tokens that a run signs in to Azure with."""

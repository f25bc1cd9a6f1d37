"""azwizard: from a Flask project on a laptop to an HTTPS API on Azure Container Apps."""

__version__ = "0.1.0"

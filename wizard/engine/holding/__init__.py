"""Who holds a setup: this computer's lock stands in the journal, what other computers see in Azure."""

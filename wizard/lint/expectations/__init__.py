"""What the code expects around it: servers of databases, their tables, tools' environments, the names that it is asked under."""

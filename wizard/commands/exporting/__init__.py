"""The commands that write a setup in another form, and how every command writes the file that a person names."""

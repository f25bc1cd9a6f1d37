"""The commands for who teaches and who learns: exercises and classes."""

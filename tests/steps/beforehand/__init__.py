"""What is known before anything is made."""

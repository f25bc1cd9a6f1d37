"""What Azure would refuse although the account has every right, known before the review."""

"""Real Azure's recorded answers, asked again of the practice cloud."""

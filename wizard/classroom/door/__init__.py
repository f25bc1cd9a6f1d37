"""The event door: how learners' computers tell the trainer's how far each is, and are told what the trainer wishes."""

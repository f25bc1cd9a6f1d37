"""The screens in a browser: for oneself, or a seat each for several learners."""

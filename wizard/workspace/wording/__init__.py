"""Words both faces show: explanations, notes, plan lines, section status, hand-off text."""

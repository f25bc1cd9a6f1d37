"""Step, Plan, Run, destroy, recovery, journal, events, cost, permission plan. Knows no section and no face."""

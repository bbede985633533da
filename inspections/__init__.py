"""Floor 5: leads, plans, draws, inspection tasks, findings."""

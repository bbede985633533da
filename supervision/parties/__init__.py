"""Floor 2: who - authorities, staff, providers, practitioners, insured persons."""

"""Floor 4: credit events, scores and grades."""

"""Floor 1: articles of law and the dated settings that carry their numbers."""

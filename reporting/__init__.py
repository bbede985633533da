"""Floor 7: publication, tips, statistics."""

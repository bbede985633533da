"""Floor 7: claims, rules, screening and alerts."""

"""Floor 6: service agreements and the handling of their breach."""

"""Floor 6: the bureau's violation cases."""

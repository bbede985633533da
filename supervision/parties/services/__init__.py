"""Every write to parties, accounts and posts."""

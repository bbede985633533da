"""Tips the public gives without signing in: each becomes a lead, its giver stays unknown to whoever needs it not."""

"""Every read of monitoring, by subject."""

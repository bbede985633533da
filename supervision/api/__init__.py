"""The REST conventions every endpoint shares."""

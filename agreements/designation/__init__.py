"""How a provider becomes and stays designated: its service agreement from application to end (HY-15, HY-16, HY-20)."""

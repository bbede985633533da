"""The shell every page shares: lists, record pages, step forms, search, sign-in."""

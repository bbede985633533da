"""PostgreSQL as tests want it; its only difference lies in `base`, where Django looks for a database's backend."""

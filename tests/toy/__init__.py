"""A small procedure of no law's, by which the engine itself is tested."""

"""Invented claims in the national layout, the same for the same seed, with violations planted and written down.

Everything here is made up: persons, providers' business, drug names and codes. What was planted, and what only looks
like it (``decoy``), is returned so that a test can ask for exactly that.
"""

from monitoring.demo.city import DemoPerson, DemoProvider, Planted, Suspension, generate
from monitoring.demo.library import write_library

__all__ = ["DemoPerson", "DemoProvider", "Planted", "Suspension", "generate", "write_library"]

"""The tables of this app, by subject."""

from .breaches.models import BreachCase, Measure
from .designation.models import Agreement, Bar, Supplement, Suspension

__all__ = ["Agreement", "Bar", "BreachCase", "Measure", "Supplement", "Suspension"]

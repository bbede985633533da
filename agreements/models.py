"""The tables of this app, by subject."""

from .breaches.models import BreachCase, Dispute, Measure
from .designation.models import Agreement, Bar, Supplement, Suspension

__all__ = ["Agreement", "Bar", "BreachCase", "Dispute", "Measure", "Supplement", "Suspension"]

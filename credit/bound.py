"""Rows of credit that the chain of events binds: altered below the services, `records verify` names them (CE-4)."""

from supervision.records.rows import Kept, declare

from .models import CreditCorrection, CreditEvent, PointRecord

declare(
    Kept("credit event", CreditEvent),
    Kept("credit correction", CreditCorrection, at="event__dossier"),
    Kept("demerit points", PointRecord),
)

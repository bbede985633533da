"""Rows of money that the chain of events binds: altered below the services, `records verify` names them (HY-47)."""

from supervision.records.registers import watch
from supervision.records.rows import Kept, declare

from .models import Account, Instalment, PaymentPlan, Receipt, Receivable, Repayment, SurchargePause

declare(
    Kept(
        "receivable",
        Receivable,
        fixed=("dossier_id", "debtor_id", "kind", "fund", "route", "amount", "law", "opened_on"),
    ),
    Kept("receipt", Receipt, at="receivable__dossier"),
    Kept("payment plan", PaymentPlan, at="receivable__dossier"),
    Kept("instalment", Instalment, at="plan__receivable__dossier"),
    Kept("surcharge pause", SurchargePause, at="receivable__dossier"),
    Kept("repayment", Repayment, at="receivable__dossier"),
)
watch(Account)

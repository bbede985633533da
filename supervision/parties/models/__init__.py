"""Who: one table of parties with a profile per kind, so one foreign key reaches any of them (HY-2, HY-5, HY-46)."""

from .authority import Authority, AuthorityEvent, Commission, Dated, Office, Redress
from .history import RegisterChange
from .imports import RegisterImport
from .insured import InsuredPerson
from .others import Company, OtherDepartment
from .party import Party, Region
from .practitioner import Employment, Practitioner
from .provider import Provider, ProviderDepartment, SettlementHold
from .staff import Certificate, DeclaredInterest, Post, StaffEvent, User

__all__ = [
    "Authority",
    "AuthorityEvent",
    "Certificate",
    "Commission",
    "Company",
    "Dated",
    "DeclaredInterest",
    "Employment",
    "InsuredPerson",
    "Office",
    "OtherDepartment",
    "Party",
    "Post",
    "Practitioner",
    "Provider",
    "ProviderDepartment",
    "Redress",
    "Region",
    "RegisterChange",
    "RegisterImport",
    "SettlementHold",
    "StaffEvent",
    "User",
]

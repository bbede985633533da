"""Routes of money."""

from django.urls import path

from . import account_pages, views

app_name = "funds"

urlpatterns = [
    path("", views.ReceivableList.as_view(), name="receivables"),
    path("<int:pk>/", views.receivable_page, name="receivable"),
    path("<int:pk>/receipt/", views.receipt, name="receipt"),
    path("<int:pk>/cancel/", views.cancellation, name="cancel"),
    path("<int:pk>/plan/", views.plan, name="plan"),
    path("receipts/<int:pk>/take-back/", views.reversal, name="take-back"),
    path("accounts/", account_pages.AccountList.as_view(), name="accounts"),
    path("accounts/add/", account_pages.add, name="account-add"),
    path("accounts/<int:pk>/end/", account_pages.end, name="account-end"),
    path("accounts/<int:pk>/cancel/", account_pages.cancel, name="account-cancel"),
]

"""Routes of money."""

from django.urls import path

from . import views

app_name = "funds"

urlpatterns = [
    path("", views.ReceivableList.as_view(), name="receivables"),
    path("<int:pk>/", views.receivable_page, name="receivable"),
    path("<int:pk>/receipt/", views.receipt, name="receipt"),
    path("<int:pk>/cancel/", views.cancellation, name="cancel"),
    path("<int:pk>/plan/", views.plan, name="plan"),
    path("receipts/<int:pk>/take-back/", views.reversal, name="take-back"),
]

"""Routes of plans and draws for those who sign in."""

from django.urls import path

from inspections.draws import views

app_name = "draws"

urlpatterns = [
    path("plans/", views.PlanList.as_view(), name="plans"),
    path("plans/new/", views.new_plan, name="new-plan"),
    path("", views.DrawList.as_view(), name="draws"),
    path("<int:pk>/afresh/", views.afresh, name="afresh"),
    path("<int:pk>/supplement/", views.supplement, name="supplement"),
    path("witness/", views.witness, name="witness"),
]

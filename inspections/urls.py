"""Routes of leads and inspections for those who sign in."""

from django.urls import path

from inspections.leads import views as leads
from inspections.onsite import views as onsite
from inspections.onsite import visit
from inspections.tips import pages as tips

app_name = "inspections"

urlpatterns = [
    path("leads/", leads.LeadList.as_view(), name="leads"),
    path("leads/new/", leads.register_lead, name="register-lead"),
    path("leads/<int:pk>/tip/<int:place>/", tips.tip_file, name="tip-file"),
    path("inspections/", onsite.TaskList.as_view(), name="tasks"),
    path("inspections/new/", onsite.open_inspection, name="open-task"),
    path("inspections/parties/", onsite.party_options, name="party-options"),
    path("inspections/coverage/", onsite.coverage_page, name="coverage"),
    path("inspections/coverage/<int:agency>/<int:year>/", onsite.MissingList.as_view(), name="missing"),
    path("inspections/checklists/", onsite.checklists, name="checklists"),
    path("inspections/checklists/<slug:code>/", onsite.checklist, name="checklist"),
    path("inspections/<int:pk>/on-site/", visit.page, name="on-site"),
    path("inspections/<int:pk>/on-site/<slug:step>/", visit.take, name="take"),
]

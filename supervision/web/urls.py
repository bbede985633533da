"""Routes of the shell."""

from django.urls import path, re_path

from . import offices, remedies
from .dossier_lists import AllDossiers, AwaitingMe, MyDossiers, MyTerms
from .import_lists import RegisterImportList
from .oversight_lists import ExportList, RevealList
from .party_lists import PractitionerList, ProviderList
from .record_pages import RecordView
from .staff_lists import StaffList
from .views import account, dossiers, pages, papers, parties, registers, reveals, staff

app_name = "web"

urlpatterns = [
    path("", pages.desk_page, name="desk"),
    path("news/", pages.news_page, name="news"),
    path("dossiers/", AllDossiers.as_view(), name="dossiers"),
    path("dossiers/mine/", MyDossiers.as_view(), name="mine"),
    path("dossiers/awaiting/", AwaitingMe.as_view(), name="awaiting"),
    path("deadlines/", MyTerms.as_view(), name="terms"),
    path("dossiers/<int:pk>/", RecordView.as_view(), name="dossier"),
    path("dossiers/<int:pk>/steps/<slug:name>/", dossiers.step, name="step"),
    path("dossiers/<int:pk>/events/", dossiers.history, name="events"),
    path("dossiers/<int:pk>/officers/", dossiers.officers, name="officers"),
    path("dossiers/<int:pk>/officers/<int:assignment>/withdraw/", dossiers.withdrawal, name="withdraw"),
    path("dossiers/<int:pk>/export/", papers.export_dossier, name="export-dossier"),
    path("dossiers/<int:pk>/evidence/", papers.enter_evidence, name="enter-evidence"),
    path("dossiers/<int:pk>/evidence/verdict/", papers.judge_several, name="judge-several"),
    path("evidence/<int:pk>/", papers.evidence_page, name="evidence"),
    path("evidence/<int:pk>/file/", papers.evidence_file, name="evidence-file"),
    path("evidence/<int:pk>/verdict/", papers.judge_evidence, name="judge-evidence"),
    path("evidence/<int:pk>/hand-over/", papers.hand_over_evidence, name="hand-over-evidence"),
    path("papers/<int:pk>/", papers.paper_file, name="paper"),
    path("papers/<int:pk>/serve/", papers.serve_paper, name="serve-paper"),
    path("papers/<int:pk>/void/", papers.end_paper, {"how": "void"}, name="void-paper"),
    path("papers/<int:pk>/replace/", papers.end_paper, {"how": "replace"}, name="replace-paper"),
    path("reveal/<str:name>/<int:pk>/", reveals.reveal_page, name="reveal"),
    path("oversight/", RevealList.as_view(), name="reveals"),
    path("oversight/imports/", RegisterImportList.as_view(), name="list-imports"),
    path("oversight/imports/<int:pk>/rows/", registers.refused_rows, name="refused-rows"),
    path("oversight/exports/", ExportList.as_view(), name="exports"),
    path("staff/", StaffList.as_view(), name="staff"),
    path("staff/add/", staff.add, name="staff-add"),
    path("staff/<int:pk>/", staff.person_page, name="staff-person"),
    path("staff/<int:pk>/<slug:name>/", staff.act, name="staff-act"),
    path("remedies/", remedies.RemedyList.as_view(), name="remedies"),
    path("remedies/add/", remedies.add, name="remedy-add"),
    path("remedies/<int:pk>/end/", remedies.end, name="remedy-end"),
    path("remedies/<int:pk>/cancel/", remedies.cancel, name="remedy-cancel"),
    path("offices/", offices.OfficeList.as_view(), name="offices"),
    path("offices/add/", offices.add, name="office-add"),
    path("offices/<int:pk>/end/", offices.end, name="office-end"),
    path("offices/<int:pk>/cancel/", offices.cancel, name="office-cancel"),
    path("search/", pages.search_page, name="search"),
    path("parties/providers/", ProviderList.as_view(), name="providers"),
    path("parties/practitioners/", PractitionerList.as_view(), name="practitioners"),
    path("parties/<int:pk>/", parties.party_file, name="party"),
    path("parties/import/", registers.import_list, name="import-list"),
    path("parties/import/<slug:token>/apply/", registers.apply_list, name="apply-list"),
    path("parties/import/<slug:token>/faults/", registers.list_faults, name="list-faults"),
    path("help/", pages.help_page, name="help"),
    re_path(r"^charts/(?P<digest>[0-9a-f]{64})\.(?P<kind>svg|csv)$", pages.chart_file, name="chart"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="password"),
    path("account/place/", account.place, name="place"),
    path("account/language/", account.language, name="language"),
    path("account/second-factor/", account.verify, name="second-factor"),
    path("account/second-factor/enrol/", account.enrol, name="second-factor-enrol"),
    path("account/second-factor/codes/", account.recovery_codes, name="recovery-codes"),
    path("account/second-factor/off/", account.turn_off, name="second-factor-off"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
]

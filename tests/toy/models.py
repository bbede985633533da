from django.db import models

from supervision.procedure.models import Dossier

from .procedure import ErrandProcedure


class Errand(ErrandProcedure, Dossier):
    told_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    estimate = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=12, decimal_places=2, null=True)

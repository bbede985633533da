"""Callers of the API: people by their session, another system by its token."""

from decimal import Decimal

import pytest
from oauth2_provider.models import Application
from rest_framework.test import APIClient

from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.procedure.services import open_dossier
from tests.cast import LONG
from tests.toy.models import Errand


@pytest.fixture
def errand(cast, land, provider):
    return open_dossier(
        Errand, cast.clerk, authority=land.county_agency, title="试办", subject=provider, estimate=Decimal("100.00")
    )


@pytest.fixture
def calls(cast):
    """`calls(actor)`: a client with that person's session."""

    def of(actor):
        client = APIClient()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return of


@pytest.fixture
def system(land, db):
    """(client id, secret, account) of a county system that may act as agency clerk."""
    from supervision.parties.models import User

    account = User.objects.create_user("county-system", "甲县业务系统", is_machine=True)
    Post.objects.create(user=account, authority=land.county_agency, role=Role.AGENCY_CLERK, valid=LONG)
    secret = "a-secret-of-the-test-alone"
    application = Application.objects.create(
        name="county", user=account, client_type="confidential", authorization_grant_type="client-credentials",
        client_secret=secret,
    )  # fmt: skip
    return application.client_id, secret, account

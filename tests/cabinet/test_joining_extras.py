"""Around joining: the agreement, the kit, a side, personal invitations, and the way back."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings as site_settings
from django.core import mail
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mlm_plugin.network import application_tasks
from mlm_plugin.network.agreements import make_paper
from mlm_plugin.network.models import (
    Agreement,
    Application,
    Member,
)
from storefront.cms.models import LegalPage
from tests.cabinet.applicants import confirm, fill_in, text_of
from tests.cms.building import make_home, make_page
from tests.factories import (
    JOINED,
    make_account,
    make_country,
    make_member,
    make_product,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def emma():
    return make_account("emma")


@pytest.fixture
def signed_in(client, emma):
    client.force_login(emma)
    return client


@pytest.fixture
def agreement():
    page = make_page(
        LegalPage, make_home(), title="Agreement with members", slug="members", kind="members",
        body="<h2>Fair</h2><p>Be <b>fair</b>.</p><ul><li>Always</li></ul>",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    page.save_revision().publish()
    return page


def run_jobs():
    for job in DBTaskResult.objects.filter(status="READY", task_path__contains="application_tasks"):
        getattr(application_tasks, job.task_path.rsplit(".", 1)[1]).call(
            **job.args_kwargs["kwargs"]
        )


def test_the_agreement_is_kept_drawn_mailed_and_the_members_own(
    signed_in, emma, agreement, settings, tmp_path
):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        },
    }
    make_member("ada")
    assert fill_in(signed_in).url == "/join/agreement/"
    page = text_of(signed_in.get("/join/agreement/"))
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    assert "Be <b>fair</b>" in page
    assert "Without your agreement" in text_of(signed_in.post("/join/agreement/", {"seen": seen}))
    answer = signed_in.post("/join/agreement/", {"seen": seen, "agrees": "on"})
    assert answer.url == "/join/summary/"
    signed_in.post("/join/summary/")
    kept = Agreement.objects.get()
    assert (kept.version, kept.ip_address) == ("1", "127.0.0.1")
    assert make_paper(agreement_id=kept.pk, at=timezone.now())
    assert not make_paper(agreement_id=kept.pk, at=timezone.now())
    (message,) = [each for each in mail.outbox if each.attachments]
    _name, content, kind = message.attachments[0]
    assert (kind, content[:5]) == ("application/pdf", b"%PDF-")
    kept.refresh_from_db()
    assert storages["private"].open(kept.paper).read() == content
    page = f"/my/membership/{kept.pk}.pdf"
    assert b"".join(signed_in.get(page).streaming_content) == content
    ben = make_account("ben")
    make_member("ben", user_id=ben.pk)
    other = Client()
    assert other.get(page).status_code == 302
    other.force_login(ben)
    assert other.get(page).status_code == 404


def test_a_new_version_is_read_before_anybody_agrees(signed_in, agreement):
    make_member("ada")
    fill_in(signed_in)
    page = text_of(signed_in.get("/join/agreement/"))
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    agreement.body = "<p>Be very fair.</p>"
    agreement.save_revision().publish()
    answer = signed_in.post("/join/agreement/", {"seen": seen, "agrees": "on"})
    assert "A new version holds" in text_of(answer)
    assert not Agreement.objects.exists()


def test_the_kit_is_offered_never_demanded_and_lies_in_the_basket(
    signed_in, emma, settings, django_capture_on_commit_callbacks
):
    make_country()
    make_product("Starter kit", price="19.00")
    settings.MLM = {**site_settings.MLM, "STARTER_KIT": "starter-kit"}
    make_member("ada")
    assert fill_in(signed_in).url == "/join/kit/"
    assert "€19.00" in text_of(signed_in.get("/join/kit/"))
    assert signed_in.post("/join/kit/", {"wants_kit": "no"}).url == "/join/summary/"
    signed_in.post("/join/kit/", {"wants_kit": "yes"})
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in.post("/join/summary/", follow=True)
    assert "Your starter kit lies in the basket" in text_of(answer)
    assert emma.baskets.get(status="Open").lines.get().quantity == 1


def test_a_kit_with_points_is_not_offered(signed_in, settings):
    from mlm_plugin.shop.points import set_product_points

    make_country()
    set_product_points(product_id=make_product("Starter kit").pk, pv=100, cv=0)
    settings.MLM = {**site_settings.MLM, "STARTER_KIT": "starter-kit"}
    make_member("ada")
    assert fill_in(signed_in).url == "/join/summary/"


def test_a_side_is_asked_for_where_it_can_be_chosen(signed_in, emma, settings):
    from mlm_plugin.network.placing import place_new_member

    settings.MLM = {
        **site_settings.MLM,
        "PLACEMENT": {"tree": "binary", "rule": "chosen", "fallback": "outside"},
    }
    place_new_member(member=make_member("ada"), placed_at=JOINED)
    assert fill_in(signed_in).url == "/join/place/"
    assert signed_in.post("/join/place/", {"slot": "7"}).status_code == 200
    assert signed_in.post("/join/place/", {"slot": "1"}).url == "/join/summary/"
    signed_in.post("/join/summary/")
    assert Member.objects.get(user=emma).placement.slot == 1


def test_an_invited_person_goes_on_by_the_link_in_the_mail(client, emma):
    ada = make_member("ada", last_name="Linden", user_id=make_account("ada").pk)
    member = Client()
    member.force_login(ada.user)
    asked = {"first_name": "Emma", "email": "emma@example.com", "knows": "on"}
    assert member.post("/my/invite/", asked).url == "/my/invite/"
    run_jobs()
    link = re.search(r"(/join/continue/\S+)", mail.outbox[0].body)[1]
    assert client.get(link).url == "/join/"
    page = text_of(client.get("/join/sponsor/"))
    assert "Ada Linden" in page and "sponsor-code" not in page
    fill_in(client)
    client.force_login(emma)
    client.post("/join/summary/")
    assert Member.objects.get(user=emma).sponsor == ada
    page = text_of(member.get("/my/invite/"))
    assert "Emma Lindt" in page and "joined" in page
    assert client.get(link).url == "/join/"


def test_a_link_to_somebodys_application_opens_for_them_alone(client, emma, signed_in):
    make_member("ada")
    confirm(signed_in, "ADA")
    link = f"/join/continue/{Application.objects.get().token}/"
    stranger = Client()
    assert stranger.get(link).url.startswith("/accounts/login/")
    stranger.force_login(make_account("cleo"))
    assert stranger.get(link, follow=True).status_code == 200
    assert "Begin" in text_of(stranger.get("/join/"))
    assert client.get("/join/continue/nonsense/").url == "/join/"


def test_a_membership_is_taken_back_on_a_page_that_says_what_that_means(signed_in, emma):
    make_member("ada")
    fill_in(signed_in)
    signed_in.post("/join/summary/")
    assert "End my membership" in text_of(signed_in.get("/my/membership/"))
    assert "You cannot take this back" in text_of(signed_in.get("/my/membership/end/"))
    assert Member.objects.get(user=emma).status == "active"
    signed_in.post("/my/membership/end/")
    assert Member.objects.get(user=emma).status == "terminated"
    assert "Your membership has ended" in text_of(signed_in.get("/my/"))


def test_after_the_time_for_it_nobody_is_offered_a_way_back(client):
    ada = make_member("ada", user_id=make_account("ada").pk)
    Member.objects.filter(pk=ada.pk).update(joined_at=timezone.now() - timedelta(days=15))
    client.force_login(ada.user)
    assert "End my membership" not in text_of(client.get("/my/membership/"))
    client.post("/my/membership/end/")
    assert Member.objects.get(pk=ada.pk).status == "active"

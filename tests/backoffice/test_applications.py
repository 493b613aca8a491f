"""The staff's pages about applications: who sees them, what they show, and who decides."""

import pytest
from django.conf import settings as site_settings
from django.test import Client

from mlm_plugin.network.models import Application, Member
from mlm_plugin.network.services import set_status
from storefront.accounts.roles import FINANCE, OPERATORS
from tests.factories import make_account, make_member
from tests.network.applying import IBAN, NOW, apply, send

pytestmark = pytest.mark.django_db
LIST = "/dashboard/network/applications/"


@pytest.fixture
def ada():
    return make_member("ada")


@pytest.fixture
def waiting(ada, settings):
    settings.MLM = {**site_settings.MLM, "APPROVAL": "staff"}
    return send(apply(make_account("emma"), ada, tax_number="36574261809", account=IBAN))


@pytest.fixture
def olga(client):
    person = make_account("olga", OPERATORS)
    client.force_login(person)
    return person


def page_of(application):
    return f"{LIST}{application.pk}/"


def text_of(answer):
    return answer.content.decode()


def test_those_that_wait_are_counted_and_found(client, olga, waiting):
    assert "1 waits" in text_of(client.get(LIST))
    for search in ("emma", "LINDT", "ada", "emma@example"):
        assert "Emma Lindt" in text_of(client.get(LIST, {"q": search, "state": "sent"}))
    assert "Emma Lindt" not in text_of(client.get(LIST, {"q": "nobody"}))
    assert "Emma Lindt" not in text_of(client.get(LIST, {"state": "joined"}))


@pytest.mark.parametrize(
    "parameters", [{"q": "x" * 10_000}, {"state": "<b>"}, {"before": "9" * 40}, {"q": "%_\\"}]
)
def test_hostile_parameters_do_no_harm(client, olga, waiting, parameters):
    assert client.get(LIST, parameters).status_code == 200


def test_the_page_shows_numbers_by_their_ends_and_who_looks_alike(client, olga, waiting, ada):
    send(apply(make_account("cleo"), ada, account=IBAN))
    page = text_of(client.get(page_of(waiting)))
    assert "•••• 1809" in page and IBAN not in page
    assert "bank account" in page
    assert "17 May 1990" in page


def test_approving_makes_a_member_once(client, olga, waiting):
    for _time in range(2):
        answer = client.post(page_of(waiting), {"decision": "approve", "reason": "Known to us."})
        assert answer.status_code == 302
    member = Member.objects.get(user__email="emma@example.com")
    assert member.status_changes.get().author == olga


def test_a_no_needs_a_reason_that_the_applicant_reads(client, olga, waiting):
    assert "Please say why" in text_of(client.post(page_of(waiting), {"decision": "decline"}))
    client.post(page_of(waiting), {"decision": "decline", "reason": "<b>Not</b> yet."})
    waiting.refresh_from_db()
    assert waiting.state == Application.State.DECLINED
    emma = Client()
    emma.force_login(waiting.user)
    assert "&lt;b&gt;Not&lt;/b&gt; yet." in text_of(emma.get("/join/"))


def test_a_sponsor_who_has_gone_stops_the_approval_in_words(client, olga, waiting, ada):
    set_status(member_id=ada.pk, status="suspended")
    page = text_of(client.post(page_of(waiting), {"decision": "approve", "reason": ""}))
    assert "Nobody can join below" in page
    assert not Member.objects.filter(user=waiting.user).exists()


def test_finance_looks_and_does_not_decide(client, waiting):
    client.force_login(make_account("fred", FINANCE))
    assert 'value="approve"' not in text_of(client.get(page_of(waiting)))
    assert client.post(page_of(waiting), {"decision": "approve"}).status_code == 403


@pytest.mark.parametrize("number", [999_999, 10**30])
def test_applications_of_nobody_are_not_found(client, olga, number):
    assert client.get(f"{LIST}{number}/").status_code == 404
    assert client.get(f"{LIST}{number}/1.pdf").status_code == 404


def test_erased_applications_can_still_be_opened(client, olga, ada):
    from mlm_plugin.network.application_decisions import expire_applications

    application = apply(make_account("emma"), ada)
    expire_applications(at=NOW.replace(year=2027))
    assert "The personal data were erased" in text_of(client.get(page_of(application)))


def test_queries_are_the_same_for_two_applications_and_for_twelve(
    client, olga, ada, django_assert_max_num_queries
):
    for number in range(12):
        apply(make_account(f"finn{number}"), ada)
    client.get(LIST)
    with django_assert_max_num_queries(14):
        client.get(LIST)

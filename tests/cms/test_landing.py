"""A landing page makes its visitors guests of its member, as the referral link does."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from mlm_plugin.network.services import set_status
from mlm_plugin.shop import visits
from mlm_plugin.shop.models import ReferralVisits
from storefront.cms.models import LandingPage
from tests.cms.building import make_home, make_page, stream
from tests.factories import JOINED, make_account, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> list[Any]:
    return make_family()


@pytest.fixture
def landing(family: list[Any], settings: Any, tmp_path: Any) -> Any:
    settings.VAR_DIR = tmp_path
    return make_page(
        LandingPage, make_home(), title="Spring", slug="spring", member_code="ADA",
        campaign="spring-26", body=stream(("hero", {"headline": "Spring"})),
    )  # fmt: skip


def referral_of(client: Any) -> Any:
    return client.get("/healthz").wsgi_request.referral


def test_a_visitor_is_the_members_guest_and_counted_under_the_campaign(
    client: Any, landing: Any
) -> None:
    answer = client.get("/spring/")
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    referral = referral_of(client)
    assert (referral.code, referral.campaign) == ("ADA", "spring-26")
    assert visits.flush(at=JOINED) == 1
    assert ReferralVisits.objects.get().campaign == "spring-26"


def test_a_code_in_the_address_goes_first(client: Any, landing: Any) -> None:
    client.get("/spring/?ref=BEN&c=card")
    referral = referral_of(client)
    assert (referral.code, referral.campaign) == ("BEN", "card")
    assert visits.flush(at=JOINED) == 1


def test_the_member_is_nobodys_guest(client: Any, landing: Any, family: list[Any]) -> None:
    family[0].user = make_account("ada")
    family[0].save()
    client.force_login(family[0].user)
    client.get("/spring/")
    assert referral_of(client) is None
    assert visits.flush(at=JOINED) == 0


def test_a_suspended_member_gets_no_guests_and_the_page_still_opens(
    client: Any, landing: Any, family: list[Any]
) -> None:
    set_status(member_id=family[0].pk, status="suspended")
    assert client.get("/spring/").status_code == 200
    assert referral_of(client) is None


def test_without_consent_nothing_is_stored(client: Any, landing: Any, settings: Any) -> None:
    settings.MLM = {**settings.MLM, "COOKIE_CONSENT": "always"}
    assert "referral" not in client.get("/spring/").cookies


def test_a_preview_makes_nobody_a_guest(admin_client: Any, landing: Any) -> None:
    answer = admin_client.get(f"/cms/pages/{landing.pk}/view_draft/")
    assert answer.status_code == 200
    assert "Spring" in answer.content.decode()
    assert referral_of(admin_client) is None
    assert visits.flush(at=JOINED) == 0


def test_the_menu_can_be_left_out_and_search_engines_kept_away(client: Any, landing: Any) -> None:
    assert b"site-search" in client.get("/spring/").content
    landing.hides_navigation = landing.is_hidden_from_search = True
    landing.save_revision().publish()
    page = client.get("/spring/").content
    assert b"site-search" not in page
    assert b"noindex" in page


def test_code_and_campaign_are_checked(landing: Any, family: list[Any]) -> None:
    landing.member_code = " @ben "
    landing.clean()
    assert landing.member_code == "BEN"
    for field, value in (
        ("member_code", "nobody"),
        ("member_code", "<script>"),
        ("campaign", "spring 26"),
        ("campaign", "весна"),
    ):
        page = LandingPage.objects.get()
        setattr(page, field, value)
        with pytest.raises(ValidationError) as refused:
            page.clean()
        assert list(refused.value.message_dict) == [field]

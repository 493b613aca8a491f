"""The staff's pages about possible duplicates, merges, and tax and bank data."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from mlm_plugin.network.models import DuplicatePair, Member, Merge, PersonalData
from storefront.accounts.roles import FINANCE, MARKETERS, OPERATORS
from tests.factories import make_account, make_family, make_member
from tests.network.applying import IBAN, NOW, apply, send

pytestmark = pytest.mark.django_db


def browser(name, role=OPERATORS):
    client = Client()
    client.force_login(make_account(name, role))
    return client


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def olga():
    return browser("olga")


@pytest.fixture
def pair():
    """Emma and fina, who have the same name and birth date, below ada."""
    ada = make_member("ada")
    for name in ("emma", "fina"):
        send(apply(make_account(name), ada, account=IBAN if name == "emma" else ""))
    return DuplicatePair.objects.get()


def asked(other, **fields):
    return {
        "other": other,
        "this_one": "kept",
        "reason": "One person",
        "key": str(uuid.uuid4()),
        **fields,
    }


def test_the_list_names_what_two_have_in_common_and_the_page_shows_both(olga, pair):
    page = text_of(olga.get(reverse("mlm:staff-duplicates")))
    assert "name and date of birth" in page
    assert pair.first.code in page and pair.second.code in page
    page = text_of(olga.get(reverse("mlm:staff-duplicate", args=[pair.pk])))
    assert "•••• 2051" in page and IBAN not in page
    assert "17 May 1990" in page


def test_told_apart_they_leave_the_list_and_are_found_among_the_decided(olga, pair):
    address = reverse("mlm:staff-duplicate", args=[pair.pk])
    assert "required" in text_of(olga.post(address, {"reason": ""}))
    olga.post(address, {"reason": "Twins <b>"})
    listed = reverse("mlm:staff-duplicates")
    assert "No pair here" in text_of(olga.get(listed))
    assert "Twins &lt;b&gt;" in text_of(olga.get(listed, {"state": "different"}))


def test_a_merge_is_shown_with_its_effects_proposed_and_approved_by_another(olga):
    make_family()
    eva = make_member("eva", Member.objects.get(code="ADA"))
    address = reverse("mlm:staff-merge-new", args=["EVA"])
    data = asked("ben")
    seen = text_of(olga.post(address, data))
    assert "Goes over to EVA" in seen and "Stays with BEN" in seen
    assert not Merge.objects.exists()
    for _time in range(2):
        olga.post(address, {**data, "confirmed": "1"})
    merge = Merge.objects.get()
    page = reverse("mlm:staff-merge", args=[merge.pk])
    assert "a second person decides" in text_of(olga.get(page))
    assert "neither proposed the merge" in text_of(olga.post(page, {"action": "approve"}))
    oskar = browser("oskar")
    assert "1 merge waits" in text_of(oskar.get(reverse("mlm:staff-duplicates")))
    oskar.post(page, {"action": "approve", "note": ""})
    assert Member.objects.get(code="CLEO").sponsor == eva
    assert "carried out" in text_of(oskar.get(page))
    assert "Merged into EVA" in text_of(oskar.get(reverse("mlm:staff-member", args=["BEN"])))
    assert "carried out" in text_of(oskar.get(reverse("mlm:staff-merges")))


@pytest.mark.parametrize(
    ("code", "fields", "words"),
    [
        ("BEN", {"other": "nobody"}, "No member has this code"),
        ("BEN", {"other": "ben"}, "with itself"),
        ("CLEO", {"other": "ben"}, "stands below"),
        ("BEN", {"other": "cleo", "this_one": "ended"}, "stands below"),
        ("BEN", {"other": "cleo", "reason": ""}, "required"),
        ("BEN", {"other": "\"'><script>alert(1)</script>"}, "&lt;script&gt;"),
    ],
    ids=["unknown", "itself", "below", "the-other-way", "no-reason", "markup"],
)
def test_what_cannot_be_is_said_beside_the_form(olga, code, fields, words):
    make_family()
    answer = olga.post(
        reverse("mlm:staff-merge-new", args=[code]), asked(**{"other": "ada", **fields})
    )
    assert answer.status_code == 200 and words in text_of(answer)
    assert not Merge.objects.exists()


def test_a_merge_is_declined_with_a_note_or_withdrawn(olga):
    make_family()
    for number, action in enumerate(("decline", "withdraw")):
        data = asked("cleo", key=str(uuid.uuid4()), confirmed="1")
        olga.post(reverse("mlm:staff-merge-new", args=["BEN"]), data)
        page = reverse("mlm:staff-merge", args=[Merge.objects.latest("pk").pk])
        other = browser(f"oskar{number}")
        if action == "decline":
            assert "Say why" in text_of(other.post(page, {"action": action}))
        other.post(page, {"action": action, "note": "Siblings"})
    assert sorted(Merge.objects.values_list("state", flat=True)) == ["declined", "withdrawn"]


def test_who_may_only_look_changes_nothing(pair):
    finance = browser("fritz", FINANCE)
    page = reverse("mlm:staff-duplicate", args=[pair.pk])
    assert "These are two people" not in text_of(finance.get(page))
    assert finance.post(page, {"reason": "x"}).status_code == 403
    assert finance.get(reverse("mlm:staff-merge-new", args=["ADA"])).status_code == 403
    marketer = browser("mara", MARKETERS)
    for name in ("staff-duplicates", "staff-merges"):
        assert finance.get(reverse(f"mlm:{name}")).status_code == 200
        assert marketer.get(reverse(f"mlm:{name}")).status_code == 403


def test_the_lists_cost_the_same_for_any_number(olga, pair, django_assert_max_num_queries):
    ada = Member.objects.get(code="ADA")
    for number in range(6):
        other = make_member(f"M{number}", ada)
        DuplicatePair.objects.create(first=ada, second=other, kinds=["mail"], found_at=NOW)
    with django_assert_max_num_queries(16):
        olga.get(reverse("mlm:staff-duplicates"))


def test_tax_and_bank_data_are_compared_once_with_what_was_on_the_screen(olga, pair):
    address = reverse("mlm:staff-details", args=[pair.first.code])
    page = text_of(olga.get(address))
    assert "•••• 2051" in page and IBAN not in page
    assert "changed since" in text_of(olga.post(address, {"seen": "yesterday"}))
    assert olga.post(address, {"seen": "- -"}).status_code == 302
    assert PersonalData.objects.get(member=pair.first).verified_by.email == "olga@example.com"
    assert "olga@example.com" in text_of(olga.get(address))
    assert browser("mara", MARKETERS).get(address).status_code == 403


def test_a_member_without_data_has_a_page_that_says_so(olga):
    make_member("ada")
    page = text_of(olga.get(reverse("mlm:staff-details", args=["ADA"])))
    assert "has given no tax and bank data" in page

"""The staff's pages about payouts: who may do what, from the waiting list to the bank's answer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mlm_plugin.ledger.models import Action
from mlm_plugin.payouts.models import Payout, PayoutBatch, PayoutResult
from storefront.accounts.roles import AUDITORS, CONTROLLERS, FINANCE, PAYERS
from tests.factories import make_account
from tests.payouts.people import amounts, ask, give_data, make_payee, now, with_terms

pytestmark = pytest.mark.django_db
ROLES = {"finance": FINANCE, "controller": CONTROLLERS, "payer": PAYERS, "auditor": AUDITORS}


@pytest.fixture(autouse=True)
def _terms(settings):
    with_terms(settings)


@pytest.fixture
def desks():
    """A browser for each of the staff."""
    clients = {}
    for name, role in ROLES.items():
        clients[name] = Client()
        clients[name].force_login(make_account(name, role))
    return clients


def url(name, *arguments):
    return reverse(f"mlm:staff-{name}", args=arguments)


def text(answer):
    return answer.content.decode()


def prepare(client, **fields):
    given = {
        "currency": "EUR",
        "execute_on": now().date().isoformat(),
        "key": "6f1ce9a0-3b50-4a5c-9d55-7c5bb4a1d5f1",
        "confirmed": "1",
    }
    return client.post(url("payout-batch-new"), {**given, **fields})


def approve(client, batch, count=1, net=4_950):
    given = {"action": "approve", "seen_count": count, "seen_net": net}
    return client.post(url("payout-batch", batch.pk), given, follow=True)


def test_from_the_waiting_list_to_the_banks_answer(desks):
    """Ada's 50.00 go out as 49.50; the bank says they are paid."""
    ada = make_payee()
    ben = make_payee("ben", sponsor=ada, account="")
    payout, held = ask(ada), ask(ben)
    page = text(desks["auditor"].get(url("payouts-waiting")))
    assert payout.reference in page
    assert "There is no bank account." in page
    totals = text(desks["finance"].get(url("payout-batch-new")))
    assert "49.50" in totals
    answer = prepare(desks["finance"])
    batch = PayoutBatch.objects.get()
    assert answer.url == prepare(desks["finance"]).url == url("payout-batch", batch.pk)
    held.refresh_from_db()
    assert held.state == "requested"
    assert approve(desks["finance"], batch).status_code == 403
    assert "ready" in text(approve(desks["controller"], batch))
    file = url("payout-file", batch.pk, "sepa")
    for name in ("finance", "controller", "auditor"):
        assert desks[name].get(file).status_code == 403
    first, second = desks["payer"].get(file), desks["payer"].get(file)
    assert first.content == second.content
    assert payout.reference.encode() in first.content
    assert first["Content-Disposition"].startswith("attachment")
    assert Action.objects.filter(name="payout_batch.download").count() == 2
    desks["payer"].post(url("payout-batch", batch.pk), {"action": "hand_over"})
    content = f"payout,result,date\n{payout.pk},paid,{now().date()}\n".encode()
    upload = {"file": SimpleUploadedFile("answer.csv", content)}
    answer = desks["payer"].post(url("payout-results"), upload)
    result = PayoutResult.objects.get()
    assert answer.url == url("payout-result", result.pk)
    assert "Enter all of it" in text(desks["payer"].get(answer.url))
    assert "Enter all of it" not in text(desks["auditor"].get(answer.url))
    desks["payer"].post(answer.url)
    payout.refresh_from_db()
    assert payout.state == "paid"
    assert amounts(ada) == (5_000, 0)
    page = text(desks["auditor"].get(url("payout", payout.pk)))
    assert f"settle:payout:{payout.pk}" in page
    assert "payer@example.com" in page


def test_what_changed_under_the_approvers_eyes_is_not_approved(desks):
    ask(make_payee())
    prepare(desks["finance"])
    batch = PayoutBatch.objects.get()
    for seen in ({"net": 4_951}, {"count": "", "net": "x"}):
        assert "look at it again" in text(approve(desks["controller"], batch, **seen))
    batch.refresh_from_db()
    assert batch.state == "prepared"


def test_one_payout_is_cancelled_taken_out_and_entered_by_hand(desks):
    ada = make_payee()
    first = ask(ada, 2_000)
    page = url("payout", first.pk)
    cancel = {"action": "cancel", "reason": "asked by phone"}
    assert desks["payer"].post(page, cancel).status_code == 403
    assert "required" in text(desks["finance"].post(page, {"action": "cancel"}))
    desks["finance"].post(page, cancel)
    assert amounts(ada) == (10_000, 0)
    second = ask(ada)
    prepare(desks["finance"])
    batch = PayoutBatch.objects.get()
    page = url("payout", second.pk)
    desks["finance"].post(page, {"action": "take_out", "reason": "not today"})
    second.refresh_from_db()
    assert second.state == "requested"
    prepare(desks["finance"], key="0d7f2f4e-4d57-4d5f-8f43-6ad6a9ea9c0b")
    batch = PayoutBatch.objects.last()
    approve(desks["controller"], batch)
    desks["payer"].post(url("payout-batch", batch.pk), {"action": "hand_over"})
    outcome = {"action": "outcome", "result": "bounced", "day": now().date().isoformat()}
    assert desks["finance"].post(page, outcome).status_code == 403
    assert "needs the bank" in text(desks["payer"].post(page, outcome))
    desks["payer"].post(page, {**outcome, "reason": "AC04"})
    second.refresh_from_db()
    assert (second.state, second.reason) == ("bounced", "AC04")
    assert amounts(ada) == (10_000 - 300, 0)


def test_a_tax_status_is_written_down_with_its_paper(desks):
    payout = ask(make_payee())
    given = {"action": "tax_status", "status": "self_employed", "valid_from": "2026-01-01"}
    page = url("payout", payout.pk)
    assert "required" in text(desks["finance"].post(page, given))
    assert desks["finance"].post(page, {**given, "note": "certificate 17"}).status_code == 302
    assert "certificate 17" in text(desks["auditor"].get(page))


def test_a_batch_is_dissolved_with_a_reason(desks):
    payout = ask(make_payee())
    prepare(desks["finance"])
    page = url("payout-batch", PayoutBatch.objects.get().pk)
    assert "required" in text(desks["finance"].post(page, {"action": "cancel"}))
    desks["finance"].post(page, {"action": "cancel", "reason": "wrong day"})
    payout.refresh_from_db()
    assert payout.state == "requested"


def test_a_file_that_is_no_answer_is_refused_beside_the_field(desks):
    upload = {"file": SimpleUploadedFile("x.csv", b"\xff\xfe")}
    assert "UTF-8" in text(desks["payer"].post(url("payout-results"), upload))
    upload = {"file": SimpleUploadedFile("x.csv", b"payout,result,date\n7,paid,2026-05-04\n")}
    desks["payer"].post(url("payout-results"), upload)
    result = PayoutResult.objects.get()
    page = text(desks["payer"].get(url("payout-result", result.pk)))
    assert "There is no payout" in page
    assert "Enter all of it" not in page
    assert "Nothing was entered" in text(
        desks["payer"].post(url("payout-result", result.pk), follow=True)
    )


@pytest.mark.parametrize("name", ["payout", "payout-batch", "payout-result"])
def test_numbers_that_fit_nothing_are_not_found(desks, name):
    for number in (999_999, 10**25):
        assert desks["auditor"].get(url(name, number)).status_code == 404
        assert desks["payer"].post(url(name, number), {"action": "?"}).status_code in (403, 404)


def test_search_and_filters_find_what_fits(desks):
    ada = make_payee()
    payout = ask(ada)
    give_data(ada, account="")
    desk = desks["auditor"]
    for query, is_found in (
        ("q=ada", True),
        (f"q={payout.reference.lower()}", True),
        ("q=ben", False),
        ("state=paid", False),
        ("state=requested", True),
    ):
        page = text(desk.get(f"{url('payouts')}?{query}"))
        assert (url("payout", payout.pk) in page) == is_found, query
    for query, is_found in (("currency=EUR&country=de", True), ("currency=EUR&at_least=60", False)):
        page = text(desk.get(f"{url('payouts-waiting')}?{query}"))
        assert (payout.reference in page) == is_found, query
    assert "no amount" in text(desk.get(f"{url('payouts-waiting')}?currency=EUR&at_least=x"))


@pytest.mark.parametrize("name", ["payouts", "payouts-waiting", "payout-batches", "payout-results"])
def test_lists_take_the_same_queries_for_one_and_for_many(
    desks, name, django_assert_max_num_queries
):
    ada = make_payee(money=100_000)
    ask(ada)
    desks["auditor"].get(url(name))
    with django_assert_max_num_queries(16):
        desks["auditor"].get(url(name))
    for each in ("ben", "cleo", "dora"):
        ask(make_payee(each, sponsor=ada, account=""))
    prepare(desks["finance"])
    with django_assert_max_num_queries(16):
        desks["auditor"].get(url(name))
    assert Payout.objects.count() == 4

"""Batches: two people, files only after the second, always the same bytes."""

import hashlib
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import xmlschema
from django.core.files.storage import storages
from django.db import DatabaseError, IntegrityError, transaction
from sepaxml import validation

from mlm_plugin.ledger.actions import Actor
from mlm_plugin.ledger.models import Action
from mlm_plugin.network.models import PersonalData
from mlm_plugin.network.payment_details import change_payment_details
from mlm_plugin.payouts import files
from mlm_plugin.payouts.batches import (
    CannotApprove,
    CannotPrepare,
    Filters,
    approve_batch,
    cancel_batch,
    hand_over_batch,
    prepare_batch,
    take_out,
)
from mlm_plugin.payouts.files import ChangedFile, read_content
from mlm_plugin.payouts.models import Payout, PayoutBatch, PayoutFile, PayoutStep
from mlm_plugin.payouts.selectors import find_problems, list_waiting, total_waiting
from mlm_plugin.payouts.steps import PayoutError
from tests.factories import make_user
from tests.payouts.people import (
    IBANS,
    NOON,
    TODAY,
    amounts,
    approve,
    ask,
    hand_over,
    make_payee,
    make_staff,
    prepare,
    with_terms,
)

pytestmark = pytest.mark.django_db
SPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"


@pytest.fixture(autouse=True)
def _terms(settings):
    with_terms(settings)


@pytest.fixture
def staff():
    return make_staff()


def content_of(batch, kind):
    file = PayoutFile.objects.get(batch=batch, kind=kind)
    return read_content(stored=file.stored, digest=file.digest)


def test_one_prepares_another_approves_and_only_then_there_are_files(staff):
    """Ada takes 50.00 and ben 20.00: less 0.50 each, 69.00 leave the company's account."""
    ada = make_payee()
    ben = make_payee("ben", sponsor=ada, account=IBANS[1])
    ask(ada, 5_000)
    ask(ben, 2_000)
    batch = prepare(staff)
    assert not PayoutFile.objects.exists()
    with pytest.raises(CannotApprove, match="Nobody approves"):
        approve(batch, staff.finn)
    with pytest.raises(CannotApprove, match="Nobody approves"):
        approve(batch, Actor())
    approved = approve(batch, staff.greta)
    assert (approved.payout_count, approved.total) == (2, 6_900)
    assert {payout.state for payout in Payout.objects.all()} == {"approved"}
    assert PayoutFile.objects.get().kind == "sepa"
    # The money is still with the members, set aside.
    assert amounts(ada) == (5_000, 5_000)
    [action] = Action.objects.filter(name="payout_batch.approve")
    assert action.author == staff.greta.user
    assert action.address == "192.0.2.7"
    assert find_problems() == []


@pytest.mark.both
def test_the_database_itself_refuses_who_approves_the_own_batch(staff):
    ask(make_payee())
    batch = prepare(staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutBatch.objects.filter(pk=batch.pk).update(
            state="approved", approved_by=batch.prepared_by, approved_at=NOON
        )


@pytest.mark.both
@pytest.mark.parametrize("model", [PayoutStep, PayoutFile], ids=["step", "file"])
def test_the_database_itself_refuses_to_change_or_delete_what_happened(model, staff):
    ask(make_payee())
    approve(prepare(staff), staff.greta)
    for change in (lambda rows: rows.update(id=99), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(model.objects.all())


def test_the_message_to_the_bank_fits_its_schema_and_names_every_payout(staff):
    ada = make_payee("ada", holder="Zoë Łindqvist Ивановна " * 4)
    ben = make_payee("ben", sponsor=ada, account=IBANS[1])
    first, second = ask(ada, 5_000), ask(ben, 2_000)
    batch = approve(prepare(staff, on=TODAY + timedelta(days=2)), staff.greta)
    content = content_of(batch, "sepa")
    schema = f"{validation.__file__.rpartition('/')[0]}/schemas/pain.001.001.03.xsd"
    xmlschema.XMLSchema(schema).validate(content.decode())
    root = ElementTree.fromstring(content)

    def texts(name):
        return [node.text for node in root.iter(SPACE + name)]

    assert texts("EndToEndId") == [first.reference, second.reference]
    assert texts("InstdAmt") == ["49.50", "19.50"]
    assert texts("CtrlSum") == ["69.00", "69.00"]
    assert texts("IBAN") == ["DE02120300000000202051", *IBANS[:2]]
    assert texts("ReqdExctnDt") == ["2026-05-06"]
    assert texts("MsgId") == [f"B{batch.pk:07d}"]
    assert texts("CreDtTm") == ["2026-05-04T14:00:00"]
    assert all(len(name) <= 70 and name.isascii() for name in texts("Nm"))


def test_a_batch_always_gives_the_same_bytes(staff, monkeypatch):
    """Killed after the file was kept: the second approval writes the very same file."""
    ask(make_payee())
    batch = prepare(staff)
    kept = []
    keep_content = files.keep_content

    def keep_and_die(**content):
        kept.append(keep_content(**content))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files, "keep_content", keep_and_die)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            approve(batch, staff.greta)
    batch.refresh_from_db()
    assert batch.state == "prepared"
    approve(batch, staff.greta)
    assert PayoutFile.objects.get().stored == kept[0]
    assert content_of(batch, "sepa") == content_of(batch, "sepa")


def test_a_file_that_was_changed_in_the_store_is_not_given_out(staff):
    ask(make_payee())
    batch = approve(prepare(staff), staff.greta)
    file = batch.files.get()
    store = storages["private"]
    store.delete(file.stored)
    from django.core.files.base import ContentFile

    store.save(file.stored, ContentFile(b"DE99 somebody else"))
    with pytest.raises(ChangedFile):
        read_content(stored=file.stored, digest=file.digest)


def test_the_banks_own_table_has_the_columns_of_the_setting(staff, settings):
    with_terms(
        settings,
        files=["csv"],
        csv={
            "columns": [
                ["Empfänger", "name"], ["Konto", "account"], ["Betrag", "amount"], ["Zweck", "reference"]
            ],
            "decimal": ",",
            "encoding": "latin-1",
        },
    )  # fmt: skip
    payout = ask(make_payee(holder="=Иван Grün"))
    batch = approve(prepare(staff), staff.greta)
    content = content_of(batch, "csv")
    assert content.decode("latin-1").split("\r\n") == [
        "Empfänger;Konto;Betrag;Zweck",
        f"'=Ivan Grün;{IBANS[0]};49,50;{payout.reference}",
        "",
    ]
    assert batch.files.get().digest == hashlib.sha256(content).hexdigest()


def test_local_accounts_go_by_the_table_and_ibans_by_the_message(staff):
    ada = make_payee()
    make = {"account": "40817810099910004312", "bank_code": "044525225", "country": "RU"}
    ben = make_payee("ben", sponsor=ada, tax_number="500100732259", **make)
    first, second = ask(ada), ask(ben)
    batch = approve(prepare(staff), staff.greta)
    assert {file.kind for file in batch.files.all()} == {"sepa", "csv"}
    assert first.reference.encode() in content_of(batch, "sepa")
    assert second.reference.encode() not in content_of(batch, "sepa")
    assert second.reference.encode() in content_of(batch, "csv")
    assert b"044525225" in content_of(batch, "csv")


def test_sent_twice_it_is_prepared_once_and_approved_once(staff):
    ask(make_payee())
    batch = prepare(staff, key="form")
    assert prepare(staff, key="form").pk == batch.pk
    approve(batch, staff.greta)
    assert approve(batch, staff.greta).pk == batch.pk
    assert PayoutFile.objects.count() == 1
    hand_over_batch(batch_id=batch.pk, actor=staff.paul, at=NOON)
    hand_over_batch(batch_id=batch.pk, actor=staff.paul, at=NOON)
    assert Action.objects.filter(name="payout_batch.hand_over").count() == 1


def test_an_account_changed_after_preparing_stops_the_batch_until_it_is_taken_out(staff):
    """The money would go to the old account: out with it, and a week later it goes to the new one."""
    ada = make_payee()
    ben = make_payee("ben", sponsor=ada, account=IBANS[1])
    payout = ask(ada)
    ask(ben)
    batch = prepare(staff)
    change_payment_details(
        member_id=ada.pk, tax_number="36574261809", vat_number="", account=IBANS[2],
        bank_code="", holder="", changed_at=NOON,
    )  # fmt: skip
    with pytest.raises(CannotApprove, match=payout.reference):
        approve(batch, staff.greta)
    take_out(payout_id=payout.pk, actor=staff.finn, at=NOON, reason="changed")
    approve(batch, staff.greta)
    payout.refresh_from_db()
    assert (payout.state, payout.batch_id, payout.destination) == ("requested", None, "")
    PersonalData.objects.filter(member=ada).update(verified_at=NOON, verified_by=staff.greta.user)
    with pytest.raises(CannotPrepare):
        prepare(staff, at=NOON + timedelta(days=6), on=TODAY + timedelta(days=6))
    later = NOON + timedelta(days=7)
    assert prepare(staff, at=later, on=later.date()).payouts.get() == payout
    payout.refresh_from_db()
    assert payout.destination_shown == "•••• 3201"
    assert IBANS[2] not in payout.destination


def test_a_batch_that_changed_after_the_approver_opened_it_is_looked_at_again(staff):
    ada = make_payee()
    first = ask(ada, 5_000)
    ask(ada, 2_000)
    batch = prepare(staff)
    seen = (2, 6_900)
    take_out(payout_id=first.pk, actor=staff.finn, at=NOON, reason="no")
    with pytest.raises(CannotApprove, match="changed"):
        approve_batch(batch_id=batch.pk, expected=seen, actor=staff.greta, at=NOON)


def test_a_dissolved_batch_gives_its_payouts_back(staff):
    ada = make_payee()
    payout = ask(ada)
    batch = prepare(staff)
    for _twice in range(2):
        cancel_batch(batch_id=batch.pk, actor=staff.finn, at=NOON, reason="wrong day")
    payout.refresh_from_db()
    assert payout.state == "requested"
    with pytest.raises(CannotApprove, match="dissolved"):
        approve_batch(batch_id=batch.pk, expected=(1, 4_950), actor=staff.greta, at=NOON)
    assert prepare(staff).payouts.get() == payout
    approve(PayoutBatch.objects.last(), staff.greta)
    for refused in (
        lambda: cancel_batch(batch_id=batch.pk + 1, actor=staff.finn, at=NOON, reason="late"),
        lambda: take_out(payout_id=payout.pk, actor=staff.finn, at=NOON, reason="late"),
    ):
        with pytest.raises(PayoutError):
            refused()


def test_a_batch_is_approved_before_it_goes_to_the_bank(staff):
    ask(make_payee())
    with pytest.raises(PayoutError, match="approved"):
        hand_over_batch(batch_id=prepare(staff).pk, actor=staff.paul, at=NOON)


def test_filters_take_what_fits(staff):
    ada = make_payee(money=30_000)
    ben = make_payee("ben", sponsor=ada, account=IBANS[2], country="AT")
    early, late = ask(ada, 5_000), ask(ada, 2_000, at=NOON + timedelta(days=1))
    other = ask(ben, 9_000)

    def fitting(**chosen):
        filters = Filters(currency="EUR", **chosen)
        waiting = list_waiting(filters=filters, at=NOON)
        return {each.payout for each in waiting.candidates}

    assert fitting() == {early, late, other}
    assert fitting(country="AT") == {other}
    assert fitting(requested_through=TODAY) == {early, other}
    assert fitting(at_least=5_000) == {early, other}
    assert fitting(origin="schedule") == set()
    totals = total_waiting(filters=Filters(currency="EUR", country="DE"), at=NOON)
    assert (totals.count, totals.amount, totals.fee, totals.net) == (2, 7_000, 100, 6_900)
    with pytest.raises(CannotPrepare, match="over already"):
        prepare_batch(
            key="1", filters=Filters(currency="EUR"), execute_on=TODAY - timedelta(days=1),
            actor=staff.finn, at=NOON,
        )  # fmt: skip


def test_the_tax_of_several_payouts_of_one_year_adds_up(staff):
    """Russia: 13 % of 24,000.00 up to 2,400,000; the fee is 0.50; the tax in whole units."""
    ada = make_payee(
        money=300_000_000, country="RU", account="40817810099910004312", bank_code="044525225",
        tax_number="500100732259",
    )  # fmt: skip
    ask(ada, 230_000_000)
    ask(ada, 20_000_000)
    batch = prepare(staff)
    taxes = list(batch.payouts.order_by("pk").values_list("tax", flat=True))
    # 13 % of 2,300,000; then 13 % of 100,000 and 15 % of 100,000.
    assert taxes == [29_900_000, 1_300_000 + 1_500_000]


def test_what_waits_takes_the_same_queries_for_one_and_for_many(django_assert_num_queries):
    ada = make_payee(money=100_000)
    ask(ada)
    with django_assert_num_queries(7):
        list_waiting(filters=Filters(currency="EUR"), at=NOON)
    for name in ("ben", "cleo", "dora"):
        ask(make_payee(name, sponsor=ada, account=""))
    with django_assert_num_queries(7):
        list_waiting(filters=Filters(currency="EUR"), at=NOON)


def test_a_batch_takes_the_same_queries_for_one_and_for_many(staff, django_assert_max_num_queries):
    ada = make_payee(money=100_000)
    for _each in range(12):
        ask(ada, 2_000)
    with django_assert_max_num_queries(25):
        batch = prepare(staff)
    with django_assert_max_num_queries(30):
        approve(batch, staff.greta)


def test_whoever_left_the_staff_is_still_named(staff):
    ask(make_payee())
    batch = hand_over(staff)
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        batch.approved_by.delete()
    assert make_user("nobody").delete()

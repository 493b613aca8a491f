"""What we keep about a person, as a ZIP of tables: one JSON file of all, one CSV file each.

`TABLES` names every model that points at a person, with the columns that go into the copy;
`LEFT_OUT` those that do not and why. A test compares both with the models there are.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from oscar.core.loading import get_model

from mlm_plugin.conf import business_day
from mlm_plugin.network.personal import read_agreements, read_applications, read_personal
from mlm_plugin.network.selectors import get_binding
from mlm_plugin.shop.selectors import get_member_for
from mlm_plugin.volumes.selectors import get_history, get_pending_points, get_recent_periods
from storefront.accounts.selectors import get_confirmed_addresses
from storefront.cms.messages import find_messages

# What a spreadsheet would run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MONTHS_OF_POINTS = 120

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """Rows of one model that belong to a person: found by `owner`, shown by `columns`."""

    name: str
    app: str
    model: str
    owner: str
    columns: tuple[str, ...]

    def read(self, user: Any) -> list[Row]:
        """The rows, in the order they were written; one query."""
        rows = get_model(self.app, self.model)._default_manager.filter(**{self.owner: user})
        return list(rows.order_by("pk").values(*self.columns))


ADDRESS = (
    "title", "first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode",
    "country_id",
)  # fmt: skip

TABLES = (
    Table(
        "account",
        "accounts",
        "User",
        "pk",
        ("email", "first_name", "last_name", "date_joined", "last_login"),
    ),
    Table("sign_in_addresses", "account", "EmailAddress", "user", ("email", "verified", "primary")),
    Table("second_factors", "mfa", "Authenticator", "user", ("type", "created_at", "last_used_at")),
    Table(
        "addresses",
        "address",
        "UserAddress",
        "user",
        (*ADDRESS, "phone_number", "notes", "is_default_for_shipping", "is_default_for_billing"),
    ),
    Table(
        "orders",
        "order",
        "Order",
        "user",
        (
            "number",
            "date_placed",
            "status",
            "currency",
            "total_incl_tax",
            "shipping_method",
            "shipping_incl_tax",
            *(f"shipping_address__{name}" for name in (*ADDRESS, "phone_number", "notes")),
            *(f"billing_address__{name}" for name in ADDRESS),
        ),
    ),
    Table(
        "order_lines",
        "order",
        "Line",
        "order__user",
        ("order__number", "title", "partner_sku", "quantity", "line_price_incl_tax", "status"),
    ),
    Table(
        "order_notes", "order", "OrderNote", "user", ("order__number", "message", "date_created")
    ),
    Table(
        "payments",
        "shop_payments",
        "CheckoutAttempt",
        "user",
        (
            "number",
            "state",
            "method",
            "email",
            "currency",
            "total",
            "language",
            "created_at",
            "snapshot__gift_note",
            "snapshot__legal_texts",
        ),
    ),
    Table(
        "saved_cards",
        "shop_payments",
        "SavedCard",
        "user",
        ("brand", "last4", "expires_month", "expires_year", "created_at"),
    ),
    Table(
        "refunds",
        "shop_payments",
        "RefundRequest",
        "order__user",
        ("order__number", "amount", "reason", "state", "created_at"),
    ),
    Table(
        "returns",
        "shop_returns",
        "ReturnRequest",
        "order__user",
        ("number", "order__number", "state", "reason", "words", "answer", "requested_at"),
    ),
    Table(
        "baskets",
        "basket",
        "Line",
        "basket__owner",
        ("basket__status", "product__title", "quantity", "date_created", "date_updated"),
    ),
    Table(
        "wish_lists",
        "wishlists",
        "Line",
        "wishlist__owner",
        ("wishlist__name", "wishlist__visibility", "title", "quantity"),
    ),
    Table(
        "wish_list_names",
        "wishlists",
        "WishList",
        "owner",
        ("name", "visibility", "date_created"),
    ),
    Table(
        "reviews",
        "reviews",
        "ProductReview",
        "user",
        ("product__title", "score", "title", "body", "name", "status", "date_created"),
    ),
    Table("review_votes", "reviews", "Vote", "user", ("review_id", "delta", "date_created")),
    Table(
        "questions",
        "shop_questions",
        "Question",
        "user",
        ("product__title", "name", "text", "answer", "status", "language", "asked_at"),
    ),
    Table(
        "stock_alerts",
        "customer",
        "ProductAlert",
        "user",
        ("product__title", "status", "date_created", "date_closed"),
    ),
    Table(
        "messages",
        "communication",
        "Email",
        "user",
        ("email", "subject", "body_text", "date_sent"),
    ),
    Table(
        "notifications",
        "communication",
        "Notification",
        "recipient",
        ("subject", "body", "date_sent", "date_read"),
    ),
    Table(
        "vouchers",
        "voucher",
        "VoucherApplication",
        "user",
        ("voucher__code", "order__number", "date_created"),
    ),
    Table("products_seen", "analytics", "UserProductView", "user", ("product__title",)),
    Table("searches", "analytics", "UserSearch", "user", ("query", "date_created")),
    Table(
        "consents",
        "privacy",
        "ConsentRecord",
        "user",
        ("purpose", "given", "version", "words", "source", "recorded_at"),
    ),
    Table("copies_of_data", "privacy", "DataExport", "user", ("state", "asked_at", "ready_at")),
    Table(
        "public_listing",
        "cms",
        "MemberStorefront",
        "member__user",
        ("greeting", "listed_since", "city", "country"),
    ),
    Table(
        "products_shown",
        "cms",
        "ChosenProduct",
        "storefront__member__user",
        ("product__title", "place"),
    ),
    Table(
        "changes_of_member",
        "mlm_plugin",
        "BindingChange",
        "user",
        ("before__code", "after__code", "reason", "changed_at"),
    ),
    Table(
        "former_memberships",
        "mlm_plugin",
        "Member",
        "former_user",
        ("code", "first_name", "last_name", "status", "joined_at", "sponsor__code"),
    ),
    Table(
        "credited_orders",
        "mlm_plugin",
        "CreditedOrder",
        "buyer",
        ("number", "buyer_kind", "source", "campaign", "placed_at", "paid_at", "member__code"),
    ),
    Table(
        "payouts",
        "mlm_plugin",
        "Payout",
        "member__user",
        (
            "id",
            "state",
            "currency",
            "amount",
            "fee",
            "tax",
            "net",
            "destination_shown",
            "requested_at",
            "paid_on",
            "reason",
        ),
    ),
    Table(
        "tax_statuses",
        "mlm_plugin",
        "TaxStatus",
        "member__user",
        ("status", "valid_from", "note", "at"),
    ),
    # Runs that were never committed are among them: the state tells.
    Table(
        "awards",
        "mlm_plugin",
        "Award",
        "payee__user",
        (
            "run__period__name",
            "run__number",
            "run__state",
            "bonus",
            "order",
            "level",
            "base",
            "rate",
            "amount",
            "run__currency",
            "because",
        ),
    ),
)

# Models that point at people for another reason than keeping something about them.
LEFT_OUT = {
    "accounts.User_groups": "what a role allows",
    "accounts.User_user_permissions": "what a role allows",
    "analytics.UserRecord": "counts of the orders that are listed",
    "basket.Basket": "listed by line",
    "payment.Bankcard": "not used: cards are kept by the payment provider",
    "shop_payments.PaymentCustomer": "the provider's number, without meaning elsewhere",
    "shop_returns.ReturnStep": "who of the staff did what with a return",
    "mlm_plugin.Entry": "who of the staff wrote an entry of the books",
    "mlm_plugin.BooksClosing": "who of the staff closed the books",
    "mlm_plugin.PlanVersion": "who of the staff drafted and approved a plan",
    "mlm_plugin.PlanEditor": "who of the staff wrote a part of a plan",
    "mlm_plugin.WhatIf": "who of the staff asked what another plan would pay",
    "mlm_plugin.Job": "who of the staff asked for a computation",
    "mlm_plugin.Override": "who of the staff proposed and approved an override",
    "mlm_plugin.WalletAdjustment": "who of the staff adjusted a wallet; its entry is listed",
    "mlm_plugin.Action": "who of the staff did what with the books",
    "mlm_plugin.Period": "who of the staff closed a period",
    "mlm_plugin.Run": "who of the staff ran, locked and committed a period",
    "mlm_plugin.DuplicatePair": "who of the staff told two members apart",
    "mlm_plugin.Merge": "who of the staff merged whom",
    "mlm_plugin.Move": "who of the staff moved whom",
    "mlm_plugin.PayoutBatch": "who of the staff prepared and approved a batch of payouts",
    "mlm_plugin.PayoutStep": "who of the staff moved a payout on",
    "mlm_plugin.PayoutResult": "who of the staff entered an answer of the bank",
    "mlm_plugin.NetworkImport": "who of the staff imported a file",
    "mlm_plugin.PlacementWish": "which side new people go to, and who chose it",
    "mlm_plugin.Application": "read by `read_membership`",
    "mlm_plugin.PersonalData": "read by `read_membership`",
    "mlm_plugin.StatusChange": "who of the staff changed a member's status",
    "mlm_plugin.CustomerBinding": "read by `read_membership`",
}
# What these apps keep is who of the staff did what: the shop's records, not the person's.
STAFF_APPS = {
    "admin", "brand", "cms", "mails", "offer", "partner", "shop_accounting", "shop_fulfilment",
    "wagtailadmin", "wagtailcore", "wagtaildocs", "wagtailimages", "wagtailusers",
}  # fmt: skip


def read_contents(*, user: Any, at: datetime) -> dict[str, list[Row]]:
    """Everything we keep about the person, by table; a fixed number of queries."""
    contents = {table.name: table.read(_owner(table, user)) for table in TABLES}
    contents["contact_messages"] = [
        {"page": message.page, "sent_at": message.sent_at, "values": message.values}
        for message in find_messages(addresses=get_confirmed_addresses(user=user))
    ]
    contents.update(read_membership(user=user, at=at))
    return contents


def read_membership(*, user: Any, at: datetime) -> dict[str, list[Row]]:
    """Place in the network and points, for members; whose customer the person is, for others."""
    contents: dict[str, list[Row]] = {
        "membership": [],
        "points": [],
        "referred_by": [],
        "applications": read_applications(user_id=user.pk),
        "personal_data": read_personal(user_id=user.pk),
        "agreements": read_agreements(user_id=user.pk),
    }
    if binding := get_binding(user_id=user.pk):
        contents["referred_by"].append(
            {"member": binding.member.code, "since": binding.bound_at, "by": binding.source}
        )
    member = get_member_for(user=user)
    if member is None:
        return contents
    contents["membership"].append(
        {
            "code": member.code,
            "first_name": member.first_name,
            "last_name": member.last_name,
            "status": member.status,
            "rank": member.rank,
            "joined_at": member.joined_at,
            "sponsor": member.sponsor.code if member.sponsor else "",
            "pending_pv": get_pending_points(member_id=member.pk).pv,
        }
    )
    periods = get_recent_periods(now=at, count=MONTHS_OF_POINTS)
    for points in get_history(member_id=member.pk, periods=periods):
        row = asdict(points)
        if any(value for name, value in row.items() if name != "period"):
            contents["points"].append(row)
    return contents


def make_archive(*, user: Any, at: datetime) -> bytes:
    """The ZIP: `data.json` with all tables, and each table that has rows as CSV."""
    contents = read_contents(user=user, at=at)
    made = {"made_at": at, "day": business_day(at), "tables": contents}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(made, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("data.json", text)
        for name, rows in contents.items():
            if rows:
                archive.writestr(f"{name}.csv", as_csv(rows))
    return file.getvalue()


def as_csv(rows: list[Row]) -> str:
    """A table that spreadsheets open as text in UTF-8, and run nothing of."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(rows[0])
    writer.writerows(list(_cells(row)) for row in rows)
    return file.getvalue()


def _cells(row: Mapping[str, Any]) -> Iterator[str]:
    for value in row.values():
        text = "" if value is None else str(value)
        is_words = isinstance(value, str)
        yield f"'{text}" if is_words and text.startswith(FORMULA_STARTS) else text


def _owner(table: Table, user: Any) -> Any:
    return user.pk if table.owner == "pk" else user

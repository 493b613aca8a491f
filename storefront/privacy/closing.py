"""The end of an account: what is erased, what stays without a name, and what stands in the way."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q
from oscar.core.loading import get_model

from mlm_plugin.network.personal import erase_person
from mlm_plugin.network.services import erase_name
from mlm_plugin.shop.selectors import get_member_for, has_membership
from storefront.accounts.selectors import get_confirmed_addresses
from storefront.accounts.services import MemberStays
from storefront.accounts.services import close_account as end_sign_in
from storefront.cms.messages import remove_messages
from storefront.cms.storefronts.services import remove_storefront
from storefront.mails.services import send_mail
from storefront.privacy.models import ConsentRecord
from storefront.privacy.selectors import list_consents
from storefront.privacy.services import record_consent, remove_exports
from storefront.shop.payments.cards import forget_person
from storefront.shop.payments.models import CheckoutAttempt
from storefront.shop.payments.snapshot import ADDRESS_FIELDS
from storefront.shop.questions.models import Question
from storefront.shop.returns.models import ReturnRequest

logger = logging.getLogger(__name__)

# Nothing is on its way to the buyer any more.
ARRIVED_OR_ENDED = ("Shipped", "Complete", "Cancelled")
# What of an address the books need: where the goods went decides the tax.
KEPT_OF_ADDRESS = {"country_id", "postcode"}


class OrdersUnderWay(Exception):
    """Goods or money still move, and for them we need the address; `numbers` says of which."""

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(", ".join(numbers))
        self.numbers = numbers


@dataclass(frozen=True)
class ClosingFacts:
    """What closing would do to this person's account, for the page that asks."""

    is_member: bool
    orders_under_way: tuple[str, ...]
    addresses: int
    wish_lists: int
    orders: int
    reviews: int
    questions: int

    @property
    def is_possible(self) -> bool:
        """Whether the person can do it alone, now."""
        return not self.is_member and not self.orders_under_way


def get_closing_facts(*, user: Any) -> ClosingFacts:
    """Count what closing would erase and what would stay; a fixed number of queries."""
    return ClosingFacts(
        is_member=has_membership(user=user),
        orders_under_way=tuple(_find_under_way(user)),
        addresses=user.addresses.count(),
        wish_lists=user.wishlists.count(),
        orders=user.orders.count(),
        reviews=user.reviews.count(),
        questions=user.product_questions.count(),
    )


def close_account(*, user: Any, language: str, at: datetime) -> None:
    """Erase what may be erased, take the name off the rest, and say so to the old address.

    What was ordered, asked or written as a guest under a confirmed address of the account goes the
    same way. Invoices stay as they were issued, as the law demands; the worker tells the payment
    provider. Raises MemberStays while the person is a member of the network and OrdersUnderWay while
    goods or money move. Of a membership that was ended, place and points stay.
    """
    with transaction.atomic():
        user = get_user_model().objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            return
        if has_membership(user=user):
            raise MemberStays
        if numbers := _find_under_way(user):
            raise OrdersUnderWay(numbers)
        email, first_name = user.email, user.first_name
        addresses = get_confirmed_addresses(user=user)
        for consent in list_consents(user=user):
            if consent.given:
                record_consent(
                    user=user,
                    purpose=consent.purpose.code,
                    given=False,
                    source=ConsentRecord.Source.CLOSING,
                    language=language,
                    at=at,
                )
        forget_person(user=user, at=at)
        remove_exports(at=at, user=user)
        _erase(user)
        erase_person(user_id=user.pk)
        if member := get_member_for(user=user):
            remove_storefront(member_id=member.pk)
            erase_name(member_id=member.pk)
        _erase_of_guest(addresses)
        orders, attempts = _orders_of(user, addresses), _attempts_of(user, addresses)
        end_sign_in(user=user)
        _take_name_off_orders(orders, attempts, address=user.email)
        _take_name_off_words(user, addresses, orders)

    def say_goodbye() -> None:
        context = {"name": first_name}
        send_mail(kind="account_closed", to=email, language=language, context=context)

    # At once, not by the worker: its list of jobs would keep the address.
    transaction.on_commit(say_goodbye, robust=True)


def _is_one_of(field: str, addresses: Collection[str]) -> Q:
    """Whether a column holds one of these mail addresses, whatever their case."""
    found = Q(pk=None)
    for address in addresses:
        found |= Q(**{f"{field}__iexact": address})
    return found


def _orders_of(user: Any, addresses: Collection[str]) -> Any:
    """The orders of the account, and those as a guest under its addresses."""
    Order = get_model("order", "Order")
    as_guest = Q(user=None) & _is_one_of("guest_email", addresses)
    found = Order.objects.filter(Q(user=user) | as_guest)
    # By number: the addresses that say so are about to go.
    return Order.objects.filter(pk__in=list(found.values_list("pk", flat=True)))


def _attempts_of(user: Any, addresses: Collection[str]) -> Any:
    as_guest = Q(user=None) & _is_one_of("email", addresses)
    found = CheckoutAttempt.objects.filter(Q(user=user) | as_guest)
    return CheckoutAttempt.objects.filter(pk__in=list(found.values_list("pk", flat=True)))


def _find_under_way(user: Any) -> list[str]:
    addresses = get_confirmed_addresses(user=user)
    all_orders = _orders_of(user, addresses)
    orders = all_orders.exclude(status__in=ARRIVED_OR_ENDED).values_list("number", flat=True)
    states = ReturnRequest.State
    # A parcel that came without anything in it gives no money back: that return has ended.
    owed = Q(state=states.RECEIVED, lines__received_quantity__gt=0)
    returns = ReturnRequest.objects.filter(
        owed | Q(state__in=[states.REQUESTED, states.APPROVED]), order__in=all_orders
    ).values_list("order__number", flat=True)
    paying = _attempts_of(user, addresses).filter(
        state__in=[*CheckoutAttempt.LIVE, CheckoutAttempt.State.PAID]
    )
    waiting = paying.exclude(state=CheckoutAttempt.State.OPEN).values_list("number", flat=True)
    return sorted({*orders, *returns, *(number for number in waiting if number)})


def _erase(user: Any) -> None:
    """What was kept for the person's own use, with nobody else's interest in it."""
    user.addresses.all().delete()
    user.wishlists.all().delete()
    user.baskets.exclude(status="Submitted").delete()
    user.emails.all().delete()
    user.notifications.all().delete()
    user.alerts.all().delete()
    for model in ("UserSearch", "UserProductView", "UserRecord"):
        get_model("analytics", model).objects.filter(user=user).delete()


def _erase_of_guest(addresses: Collection[str]) -> None:
    """The same of what the person asked for without signing in."""
    ProductAlert = get_model("customer", "ProductAlert")
    ProductAlert.objects.filter(_is_one_of("email", addresses), user=None).delete()
    remove_messages(addresses=addresses)


def _take_name_off_orders(orders: Any, attempts: Any, *, address: str) -> None:
    """Country and postcode stay on orders; the name, the street and how to reach the person go.

    `address` stands where the person's stood: it leads nowhere.
    """
    nothing = {name: "" for name in ADDRESS_FIELDS if name not in KEPT_OF_ADDRESS}
    orders.filter(user=None).update(guest_email=address)
    orders.exclude(user=None).update(guest_email="")
    ShippingAddress = get_model("order", "ShippingAddress")
    shipping = ShippingAddress.objects.filter(order__in=orders)
    shipping.update(**nothing, phone_number="", search_text="")
    del nothing["notes"]
    billing = get_model("order", "BillingAddress").objects.filter(order__in=orders)
    billing.update(**nothing, search_text="")
    for attempt in attempts.select_for_update(of=("self",)).order_by("pk"):
        attempt.snapshot = {**attempt.snapshot, "gift_note": ""}
        where = attempt.snapshot.get("address")
        if where:
            kept = {name: where[name] for name in KEPT_OF_ADDRESS if name in where}
            attempt.snapshot["address"] = {**dict.fromkeys(where, ""), **kept}
        attempt.email = address
        attempt.save(update_fields=["snapshot", "email"])


def _take_name_off_words(user: Any, addresses: Collection[str], orders: Any) -> None:
    """Reviews and questions stay: other shoppers rely on them."""
    as_guest = Q(user=None) & _is_one_of("email", addresses)
    reviews = get_model("reviews", "ProductReview").objects.filter(Q(user=user) | as_guest)
    reviews.update(user=None, name="", email="", homepage="")
    questions = Question.objects.filter(Q(user=user) | as_guest)
    # A secret that still waits for a click would lead to nobody.
    questions.filter(status=Question.Status.UNCONFIRMED).delete()
    questions.update(user=None, name="", email="")
    returns = ReturnRequest.objects.filter(order__in=orders)
    pictures = list(returns.exclude(picture="").values_list("picture", flat=True))
    returns.update(words="", picture="")

    def remove_pictures() -> None:
        for name in pictures:
            storages["private"].delete(name)

    transaction.on_commit(remove_pictures, robust=True)

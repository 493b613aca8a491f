"""Fills an empty installation with Linden & Loom."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import override
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from storefront.cms.models import HomePage
from storefront.demo import (
    books,
    catalogue,
    content,
    details,
    filters,
    logins,
    opinions,
    orders,
    payouts,
    people,
    planning,
)
from storefront.shop.listing.gathering import gather_refreshes
from storefront.shop.listing.services import count_sales

Say = Callable[[str], None]


class NotEmpty(Exception):
    """There is data already that is not a complete demo company."""


def is_filled() -> bool:
    """Whether the company exists, complete: its pages are written last."""
    from storefront.accounts.models import User

    has_staff = User.objects.filter(email=logins.STAFF[0].email).exists()
    return has_staff and HomePage.objects.exists()


def fill(*, at: datetime, say: Say) -> bool:
    """Bring the company to life, with three months of orders up to `at`; False when it exists.

    Raises NotEmpty where products, members or pages of somebody else are there.
    """
    if is_filled():
        return False
    if get_model("catalogue", "Product").objects.exists() or HomePage.objects.exists():
        raise NotEmpty
    with override("en"):
        with gather_refreshes():
            _live(at=at, say=say)
        _forget_mails()
        count_sales(at=at)
        say("  pages")
        content.write_pages(at=at)
        content.cut_pictures()
    return True


def _live(*, at: datetime, say: Say) -> None:
    """Everything but the pages, in the order in which it happened."""
    say("  products and prices")
    catalogue.open_countries()
    catalogue.fill_shelves()
    details.describe_products()
    filters.set_up_filters()
    catalogue.print_voucher(at=at)
    say("  people")
    people.hire_staff()
    members = people.enrol_members(at=at)
    people.register_customers(members=members, at=at)
    say("  three months of orders")
    purchases = planning.plan_purchases(members=members, until=at)
    orders.live_through(purchases=purchases, until=at, say=say)
    say("  reviews and questions")
    opinions.write_reviews(at=at)
    opinions.ask_questions(at=at)
    people.suspend_some(members=members)
    people.list_some(members=members, at=at)
    say("  plan, periods and runs")
    books.keep_books(members=members, at=at)
    payouts.pay_members(members=members, at=at)


def _forget_mails() -> None:
    """Nobody waits for the mails of three months that never were; papers are issued already."""
    DBTaskResult.objects.filter(
        task_path__regex=r"^storefront\.shop\..*\.tasks\.(mail|issue)_"
    ).delete()

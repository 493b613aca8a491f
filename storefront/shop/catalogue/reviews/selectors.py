"""Approved reviews of a product, and who may write one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window
from oscar.core.loading import get_model

from mlm_plugin.shop.orders import PAID

ProductReview = get_model("reviews", "ProductReview")
STARS = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class StarBar:
    """How often a product got so many stars."""

    stars: int
    count: int
    url: str = ""


@dataclass(frozen=True)
class ReviewSummary:
    """What all approved reviews of a product say together."""

    count: int
    bars: list[StarBar]

    @property
    def mean(self) -> float | None:
        """The mean score; None without reviews."""
        if not self.count:
            return None
        return sum(bar.stars * bar.count for bar in self.bars) / self.count

    @property
    def stars(self) -> int | None:
        """The mean in whole stars."""
        return None if self.mean is None else int(self.mean + 0.5)


def paid_lines(**where: Any) -> QuerySet[Any]:
    """Order lines whose order was paid (what went back later was bought all the same)."""
    events = get_model("order", "PaymentEvent").objects.filter(
        order=OuterRef("order"), event_type__name=PAID
    )
    return get_model("order", "Line").objects.filter(Exists(events), **where)


def bought_by(*, user: Any, product_ref: str = "pk") -> Exists:
    """For annotating products: whether this user paid for the product or one of its variants."""
    product = OuterRef(product_ref)
    lines = paid_lines(order__user=user)
    return Exists(lines.filter(Q(product=product) | Q(product__parent=product)))


def may_review(*, product: Any, user: Any) -> bool:
    """Whether this user bought the product and has not written about it yet."""
    if not user.is_authenticated:
        return False
    has_written = ProductReview.objects.filter(product=product, user=user).exists()
    lines = paid_lines(order__user=user)
    bought = lines.filter(Q(product=product) | Q(product__parent=product)).exists()
    return bought and not has_written


def get_reviews(*, product_id: int, stars: int | None = None) -> QuerySet[Any]:
    """Approved reviews, most helpful first; each knows whether its writer `bought` the product."""
    lines = paid_lines(order__user=OuterRef("user")).filter(
        Q(product=OuterRef("product")) | Q(product__parent=OuterRef("product"))
    )
    reviews = ProductReview.objects.approved().filter(product_id=product_id)
    if stars is not None:
        reviews = reviews.filter(score=stars)
    return (
        reviews.select_related("user")
        .annotate(bought=Exists(lines))
        .order_by("-delta_votes", "-date_created", "-pk")
    )


def unshown_by(*, user: Any, product_ref: str = "pk") -> Subquery:
    """For annotating products: the number of this user's review that others do not see, if any."""
    written = ProductReview.objects.filter(product=OuterRef(product_ref), user=user)
    return Subquery(written.exclude(status=ProductReview.APPROVED).values("pk")[:1])


def get_first_reviews(*, product_id: int, count: int) -> tuple[list[Any], ReviewSummary]:
    """The most helpful reviews and the summary of all, in one query."""
    totals = {
        f"with_{stars}": Window(Count("pk", filter=Q(score=stars)))  # type: ignore[misc]
        for stars in STARS
    }
    totals["in_all"] = Window(Count("pk"))
    found = list(get_reviews(product_id=product_id).annotate(**totals)[:count])
    counts = {stars: getattr(found[0], f"with_{stars}") if found else 0 for stars in STARS}
    return found, _summarise(counts, found[0].in_all if found else 0)


def get_summary(*, product_id: int) -> ReviewSummary:
    """The summary of all approved reviews."""
    reviews = ProductReview.objects.approved().filter(product_id=product_id)
    rows = reviews.order_by().values_list("score").annotate(count=Count("pk"))
    counts = dict(rows)
    return _summarise(counts, sum(counts.values()))


def _summarise(counts: dict[int, int], count: int) -> ReviewSummary:
    return ReviewSummary(
        count=count, bars=[StarBar(stars=stars, count=counts.get(stars, 0)) for stars in STARS]
    )

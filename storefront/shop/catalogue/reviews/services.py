"""Votes on reviews, and what staff decide about them."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

ProductReview = get_model("reviews", "ProductReview")
Vote = get_model("reviews", "Vote")


class CannotVote(Exception):
    """Not on this review; the text says why."""


@transaction.atomic
def vote_on_review(*, review: Any, user: Any, is_helpful: bool) -> bool:
    """Say whether an approved review helped; the first word of a person counts.

    Returns False where they had voted. The review's row is locked, so that the sums know of every
    vote before. Raises CannotVote on one's own review.
    """
    if review.user_id == user.pk:
        raise CannotVote(_("You cannot vote on your own review."))
    ProductReview.objects.select_for_update(no_key=True).get(pk=review.pk)
    delta = Vote.UP if is_helpful else Vote.DOWN
    vote = Vote(review=review, user=user, delta=delta)
    had_voted = Vote.objects.filter(review=review, user=user).exists()
    # Oscar's save would bring the product's rating up to date, which a vote does not change. A
    # second vote of the same person is passed over.
    Vote.objects.bulk_create([vote], ignore_conflicts=True)
    totals = Vote.objects.filter(review=review).aggregate(sum=Sum("delta"), count=Count("pk"))
    ProductReview.objects.filter(pk=review.pk).update(
        total_votes=totals["count"], delta_votes=totals["sum"] or 0
    )
    return not had_voted


@transaction.atomic
def decide_reviews(*, review_ids: list[int], status: int) -> int:
    """Set the reviews' status one by one: the stars of a product follow each; returns how many."""
    changed = ProductReview.objects.select_for_update().filter(pk__in=review_ids)
    count = 0
    for review in changed.exclude(status=status).order_by("pk"):
        review.status = status
        review.save()
        count += 1
    return count

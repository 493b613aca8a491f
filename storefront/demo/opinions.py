"""What the demo's customers say and ask of the products they bought, in both languages."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from storefront.accounts.models import User
from storefront.demo import words
from storefront.demo.planning import RUSSIAN_SPEAKERS
from storefront.demo.products import SHELVES
from storefront.shop.catalogue.reviews.selectors import paid_lines
from storefront.shop.questions.services import ask_question, publish_answer

Product = get_model("catalogue", "Product")
ProductReview = get_model("reviews", "ProductReview")

SEED = 411
MOST_REVIEWS = 9
# So many wait for a moderator.
WAITING = 3


@transaction.atomic
def write_reviews(*, at: datetime) -> None:
    """Everybody who writes has paid for it; the last few are not approved yet."""
    random = Random(SEED)  # noqa: S311, the same opinions each time
    buyers = _get_buyers(until=at - timedelta(days=4))
    heads = {product.upc: product for product in Product.objects.filter(parent=None)}
    reviews, written_at = [], []
    for sku in sorted(item.sku for shelf in SHELVES for item in shelf.ITEMS):
        found = buyers[heads[sku].pk]
        number = min(len(found), random.randint(3, MOST_REVIEWS))
        fitting = {
            language: [*words.ANY[language], *texts]
            for language, texts in words.REVIEWS[words.get_kind(sku)].items()
        }
        said = {language: random.sample(texts, len(texts)) for language, texts in fitting.items()}
        for user, bought_at in random.sample(found, number):
            language = "ru" if user.first_name in RUSSIAN_SPEAKERS else "en"
            if not said[language]:
                continue
            score, title, body = said[language].pop()
            reviews.append(
                ProductReview(
                    product=heads[sku],
                    user=user,
                    score=score,
                    title=title,
                    body=body,
                    status=ProductReview.APPROVED,
                )
            )
            written_at.append(bought_at + timedelta(days=3, hours=random.randint(1, 20)))
    for review in reviews[-WAITING:]:
        review.status = ProductReview.FOR_MODERATION
    ProductReview.objects.bulk_create(reviews)
    for review, moment in zip(reviews, written_at, strict=True):
        review.date_created = moment
        review.delta_votes = review.total_votes = random.choice((0, 0, 0, 1, 2, 3, 5))
    ProductReview.objects.bulk_update(reviews, ["date_created", "delta_votes", "total_votes"])
    for head in heads.values():
        head.update_rating()


@transaction.atomic
def ask_questions(*, at: datetime) -> None:
    """Two answered questions per product in each language, and two that wait for staff."""
    random = Random(SEED)  # noqa: S311, the same questions each time
    operator = User.objects.get(email="operator@example.com")
    people = list(User.objects.filter(is_staff=False).order_by("pk")[:40])
    speakers = {
        "ru": [each for each in people if each.first_name in RUSSIAN_SPEAKERS],
        "en": [each for each in people if each.first_name not in RUSSIAN_SPEAKERS],
    }
    heads = {product.upc: product for product in Product.objects.filter(parent=None)}
    for shelf in SHELVES:
        for place, item in enumerate(shelf.ITEMS):
            for language, pairs in words.QUESTIONS[words.get_kind(item.sku)].items():
                for step in (0, 1):
                    text, answer = pairs[(place + step) % len(pairs)]
                    asked_at = at - timedelta(days=random.randint(8, 80))
                    question = _ask(
                        heads[item.sku], text, random.choice(speakers[language]), language, asked_at
                    )
                    publish_answer(
                        question_id=question.pk,
                        answer=answer,
                        by=operator,
                        at=asked_at + timedelta(hours=5),
                    )
    for (sku, language, text), user in zip(words.OPEN_QUESTIONS, people, strict=False):
        _ask(heads[sku], text, user, language, at - timedelta(hours=7))


def _ask(product: Any, text: str, user: Any, language: str, at: datetime) -> Any:
    return ask_question(
        product_id=product.pk,
        text=text,
        user=user,
        name=user.first_name,
        email="",
        language=language,
        at=at,
    )


def _get_buyers(*, until: datetime) -> dict[int, list[tuple[Any, datetime]]]:
    """Who with an account paid for a product by then, and when they ordered it first."""
    lines = (
        paid_lines(order__user__isnull=False, order__date_placed__lte=until)
        .select_related("order__user", "product")
        .order_by("order__date_placed", "pk")
    )
    first: dict[tuple[int, int], tuple[Any, datetime]] = {}
    for line in lines:
        key = (line.product.parent_id or line.product_id, line.order.user_id)
        first.setdefault(key, (line.order.user, line.order.date_placed))
    buyers: dict[int, list[tuple[Any, datetime]]] = defaultdict(list)
    for (product_id, _user_id), bought in first.items():
        buyers[product_id].append(bought)
    return buyers

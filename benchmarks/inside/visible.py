"""Places orders in the installation it runs in and waits until their points show, as JSON."""

import json
import time

import django

ORDERS = 10
PATIENCE = 30.0


def main() -> None:
    """Print, for each order, the seconds from marking it as paid to the first sponsor's total."""
    django.setup()
    from django.utils import timezone

    from mlm_plugin.shop.attribution import Attribution
    from mlm_plugin.shop.models import ProductPoints
    from mlm_plugin.volumes.models import PeriodTotal
    from storefront.shop.payments.services import mark_transfer_paid, place_order_from_attempt
    from tests.factories import make_attempt, make_basket, make_family, make_product

    ada, *_others, dora = make_family()
    soap = make_product(stock=1_000)
    ProductPoints.objects.create(product=soap, pv=1000, cv=800)

    def shown() -> int:
        totals = PeriodTotal.objects.filter(member=ada).values_list("group_pv", flat=True)
        return sum(totals)

    seconds = []
    for _number in range(ORDERS):
        before = shown()
        attempt = make_attempt(
            make_basket(soap),
            at=timezone.now(),
            method="transfer",
            attribution=Attribution(dora.pk, "cookie", "retail", ""),
        )
        order = place_order_from_attempt(attempt_id=attempt.pk, at=timezone.now())
        # Started before: crediting in the request is over when the call returns.
        started = time.perf_counter()
        mark_transfer_paid(order_id=order.pk, by=None, at=timezone.now())
        while shown() == before and time.perf_counter() - started < PATIENCE:
            time.sleep(0.01)
        seconds.append(time.perf_counter() - started)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()

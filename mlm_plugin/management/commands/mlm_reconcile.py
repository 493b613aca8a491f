"""`manage.py mlm_reconcile`: credit what was missed, then compare totals, books and tree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlm_plugin.ledger.selectors import find_problems as find_ledger_problems
from mlm_plugin.ledger.wallet_selectors import find_wallet_problems
from mlm_plugin.network.placement_problems import find_placement_problems
from mlm_plugin.network.selectors import find_problems as find_network_problems
from mlm_plugin.payouts.selectors import find_problems as find_payout_problems
from mlm_plugin.shop.orders import find_waiting
from mlm_plugin.shop.services import credit_waiting_orders
from mlm_plugin.volumes.rebuilding import find_differences


class Command(BaseCommand):
    help = (
        "Credits orders, refunds and cancellations that were missed, then checks that the books"
        " balance, that totals are what the books say, and that both trees are sound."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Only look: report what is waiting, write nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        problems: list[str] = []
        if options["check"]:
            problems += [f"order {number} is waiting" for number in find_waiting(since=None)]
        else:
            taken = credit_waiting_orders(since=None)
            self.stdout.write(f"{taken} waiting orders taken up")
            problems += [
                f"order {number} could not be credited" for number in find_waiting(since=None)
            ]
        for check in (
            find_ledger_problems,
            find_wallet_problems,
            find_payout_problems,
            find_differences,
            find_network_problems,
            find_placement_problems,
        ):
            problems += [str(problem) for problem in check()]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems found")
        self.stdout.write(self.style.SUCCESS("orders, books, totals and trees agree"))

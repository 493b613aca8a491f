from typing import Any

from django.core.management.base import BaseCommand

from storefront.shop.listing.services import rebuild_listing


class Command(BaseCommand):
    help = "Makes every product card anew from the catalogue and says how many had to change."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_listing()} product cards changed.")

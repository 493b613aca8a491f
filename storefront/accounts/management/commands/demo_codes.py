"""`manage.py demo_codes`: the current two-factor codes, for trying out staff roles."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.accounts.models import User
from storefront.accounts.selectors import get_totp_code


class Command(BaseCommand):
    help = "Prints the current two-factor code of everyone who has one. Development only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", nargs="*", help="only these addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Codes are printed in development only (DEBUG is off).")
        people = User.objects.filter(authenticator__type=Authenticator.Type.TOTP)
        if options["email"]:
            people = people.filter(email__in=[email.lower() for email in options["email"]])
        now = timezone.now()
        for user in people.order_by("email"):
            self.stdout.write(f"{get_totp_code(user=user, at=now)}  {user.email}")

"""Builds a network with a star in the installation it runs in; prints who sees it, signed in, as JSON."""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.inside.team import build  # noqa: E402
from mlm_plugin.network.models import Member  # noqa: E402
from storefront.accounts.services import create_user  # noqa: E402


def main() -> None:
    """Build, and let the head of the longest first line sign in."""
    build(int(sys.argv[1]))
    head = Member.objects.order_by("-numchild").first()
    assert head is not None
    user = create_user(email="star@example.com", password=None, is_email_confirmed=True)
    Member.objects.filter(pk=head.pk).update(user_id=user.pk, status="active")
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    last = Member.objects.filter(sponsor_id=head.pk).order_by("-joined_at", "-pk").first()
    assert last is not None
    given = {"cookie": [name, client.cookies[name].value], "line": head.numchild, "last": last.code}
    json.dump(given, sys.stdout)


if __name__ == "__main__":
    main()

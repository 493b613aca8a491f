"""A form sent several times at the same moment."""

from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django_tasks_db.models import DBTaskResult

from storefront.cms.messages import take_message
from storefront.cms.models import ContactMessage, ContactPage
from tests.cms.building import make_home, make_page
from tests.racing import run_together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
VALUES = {"your_mail": "nina@example.com", "message": "Is it mild?"}


def test_a_form_sent_by_several_requests_at_once_is_kept_and_mailed_once() -> None:
    cache.clear()
    page: Any = make_page(ContactPage, make_home(), title="Contact", slug="contact")
    call = partial(take_message, page=page, values=VALUES, sender="192.0.2.7", key="linen")
    numbers = run_together([call] * 4)
    assert numbers == [ContactMessage.objects.get().pk] * 4
    assert DBTaskResult.objects.filter(task_path__endswith="mail_message").count() == 1

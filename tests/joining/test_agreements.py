"""The agreement with members: which version holds, in which language, and what stands on paper."""

from datetime import date

import pytest
from django.utils import timezone

from storefront.cms.models import LegalPage
from storefront.joining.agreements import get_agreement, split_text
from tests.cms.building import make_home, make_page


def test_the_text_is_set_block_by_block():
    html = "<h2>Fair</h2><p>Be <b>fair</b>.<br>Always.</p><ul><li>One</li><li>Two</li></ul><p> </p>"
    assert split_text(html) == [
        ["heading", "Fair"],
        ["text", "Be fair.\nAlways."],
        ["item", "One"],
        ["item", "Two"],
    ]


@pytest.mark.django_db
def test_readers_without_a_text_of_their_own_get_the_sites():
    assert get_agreement(language="ru", at=timezone.now()) is None
    page = make_page(
        LegalPage, make_home(), title="Agreement", slug="members", kind="members",
        body="<p>Be fair.</p>", valid_from=date(2026, 1, 1),
    )  # fmt: skip
    page.save_revision().publish()
    text = get_agreement(language="ru", at=timezone.now())
    assert (text.language, text.version, text.body) == ("en", "1", "<p>Be fair.</p>")
    assert text.url.endswith("/version-1/")

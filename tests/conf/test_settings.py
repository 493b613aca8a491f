"""The plugin's settings: a wrong name is said at once instead of being without effect."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from mlm_plugin.conf import get_setting


@override_settings(MLM={"SALES": "closed"})
def test_what_is_not_chosen_has_its_default() -> None:
    assert get_setting("SALES") == "closed"
    assert get_setting("REFERRAL_DAYS") == 30


@override_settings(MLM={"SALE": "closed"})
def test_a_misspelt_key_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="SALE"):
        get_setting("SALES")


def test_a_name_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="SAILS"):
        get_setting("SAILS")

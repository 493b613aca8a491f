"""One spelling for codes, and nothing hostile in a query."""

import pytest

from mlm_plugin.network.codes import normalise_code
from mlm_plugin.network.selectors import get_creditable_member, get_member_by_code
from tests.factories import make_member


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("ada", "ADA"), (" Ada\n", "ADA"), ("a-1_b", "A-1_B"), ("A" * 32, "A" * 32)],
)
def test_case_and_surrounding_space_do_not_matter(typed, stored):
    assert normalise_code(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "A" * 33,
        "A" * 10_000,
        "a/b",
        "a.b",
        "../x",
        "a'--",
        "<b>",
        "ада",
        "ﬀ",
        "A\0",
    ],
)
def test_anything_else_is_no_code(typed):
    assert normalise_code(typed) == ""


@pytest.mark.django_db
def test_a_code_is_found_whatever_its_case(django_assert_num_queries):
    ada = make_member("ada")
    with django_assert_num_queries(1):
        assert get_member_by_code(code="aDa") == ada
    with django_assert_num_queries(0):
        assert get_member_by_code(code="a" * 10_000) is None


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["applicant", "suspended", "terminated"])
def test_only_active_members_are_credited(status):
    ada = make_member("ada", status=status)
    assert get_member_by_code(code="ada") == ada
    assert get_creditable_member(code="ada") is None

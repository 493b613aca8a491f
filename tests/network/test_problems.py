"""Faults of the tree are found by name, in a fixed number of queries."""

import pytest

from mlm_plugin.network.models import Member
from mlm_plugin.network.selectors import find_problems
from tests.factories import make_family, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.mark.parametrize(
    ("name", "fault", "reason"),
    [
        ("DORA", {"path": "0001000100010$01"}, "characters outside the alphabet"),
        ("DORA", {"depth": 3}, "depth and length"),
        ("ADA", {"depth": 2, "path": "00020001"}, "another member has none"),
        ("BEN", {"sponsor": None}, "another member has none"),
        ("DORA", {"path": "0001000100020001"}, "not the member above"),
        ("CLEO", {"numchild": 2}, "number of children"),
    ],
)
def test_each_fault_is_found(name, fault, reason):
    make_family()
    assert find_problems() == []
    Member.objects.filter(code=name).update(**fault)
    problems = [problem for problem in find_problems() if problem.code == name]
    assert any(reason in problem.reason for problem in problems), problems


def test_a_sponsor_who_is_somebody_else_is_found():
    ada, _ben, _cleo, dora = make_family()
    Member.objects.filter(pk=dora.pk).update(sponsor=ada)
    assert {problem.code for problem in find_problems()} == {"ADA", "CLEO", "DORA"}


def test_the_search_costs_the_same_for_any_size(django_assert_num_queries):
    ada, *_rest = make_family()
    for number in range(20):
        make_member(f"M{number}", ada)
    with django_assert_num_queries(7):
        assert find_problems() == []

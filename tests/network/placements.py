"""A placement tree for tests, and the slow, obvious model of it that everything is compared with."""

from contextlib import contextmanager
from datetime import timedelta

from django.test import override_settings

from mlm_plugin.network import placing
from mlm_plugin.network.models import Placement
from tests.factories import JOINED, make_member

DAY = timedelta(days=1)


@contextmanager
def tree(kind="binary", **settings):
    """Let the company have such a placement tree."""
    with override_settings(MLM={"PLACEMENT": {"tree": kind, **settings}}):
        yield


def place(member, enroller, rule="chosen", slot=None, **fields):
    """Place a member below another by a rule; returns who stands above, and in which slot."""
    placed = placing.place_member(
        member_id=member.pk,
        enroller_id=enroller.pk if enroller else None,
        rule=rule,
        slot=slot,
        **{"placed_at": JOINED, **fields},
    )
    return read(placed)


def read(placement):
    """The parent's code and the slot."""
    parent = placement.parent
    return (parent.code if parent else None, placement.slot)


def where(member):
    """Where a member stands now."""
    return read(Placement.objects.select_related("parent").get(pk=member.pk))


def plant(shape, **fields):
    """Members placed exactly as drawn: `{"ada": None, "ben": ("ada", 0)}`, parents first."""
    members = {}
    for name, spot in shape.items():
        ada = members.get("ada")
        members[name] = make_member(name, members[spot[0]] if spot else None)
        if spot is None:
            place(members[name], None, "outside", **fields)
        else:
            place(members[name], ada, slot=spot[1], parent_id=members[spot[0]].pk, **fields)
    return members

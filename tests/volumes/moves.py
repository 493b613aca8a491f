"""A family with points and two people of the staff, for tests of moves."""

from typing import Any, NamedTuple

from mlm_plugin.network.models import Member, Move
from mlm_plugin.volumes.moving import propose_move
from mlm_plugin.volumes.services import credit_orders
from tests.factories import make_member, make_user
from tests.volumes.orders import NOON, family_of_four, order_of


class Scene(NamedTuple):
    """Ada sponsors ben and eva, ben sponsors cleo, cleo sponsors dora; all but eva have 100.00."""

    ada: Member
    ben: Member
    cleo: Member
    dora: Member
    eva: Member
    olga: Any
    fritz: Any


def set_scene() -> Scene:
    family = family_of_four()
    eva = make_member("eva", family.ada)
    credit_orders(facts=[order_of(member) for member in family])
    return Scene(*family, eva, make_user("olga"), make_user("fritz"))


def propose(scene: Scene, **fields: Any) -> Move:
    """Olga proposes that cleo comes below eva from today."""
    asked = {
        "key": "cleo-to-eva",
        "member_id": scene.cleo.pk,
        "tree_name": "sponsor",
        "parent_id": scene.eva.pk,
        "reason": "Signed up with the wrong link",
        "effective_on": NOON.date(),
        "proposed_by_id": scene.olga.pk,
        "proposed_at": NOON,
        **fields,
    }
    return propose_move(**asked)

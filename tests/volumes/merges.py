"""Eva is ben's second membership, for tests of merges: both stand below ada."""

from typing import Any

from mlm_plugin.network.models import Merge
from mlm_plugin.volumes.merging import approve_merge, propose_merge
from tests.volumes.moves import Scene
from tests.volumes.orders import NOON


def propose(scene: Scene, **fields: Any) -> Merge:
    """Olga proposes that ben's membership, with cleo below, becomes part of eva's."""
    asked = {
        "key": "ben-into-eva",
        "kept_id": scene.eva.pk,
        "ended_id": scene.ben.pk,
        "reason": "Ben joined twice",
        "proposed_by_id": scene.olga.pk,
        "proposed_at": NOON,
        **fields,
    }
    return propose_merge(**asked)


def approve(merge: Merge, person: Any) -> Merge:
    """Somebody says yes at noon."""
    return approve_merge(merge_id=merge.pk, decided_by_id=person.pk, decided_at=NOON)

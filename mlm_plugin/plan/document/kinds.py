"""Every kind of bonus a document may hold, told apart by `kind`."""

from typing import Annotated, get_args

from pydantic import Field

from mlm_plugin.plan.document.bonuses import (
    Differential,
    Direct,
    Generation,
    Infinity,
    LegMatch,
    Matching,
    OneTime,
    Pool,
    Unilevel,
)
from mlm_plugin.plan.document.further import (
    Allowance,
    Board,
    Completion,
    Guarantee,
    Party,
    PayLegs,
    Points,
)

AnyBonus = Annotated[
    Unilevel
    | Differential
    | Generation
    | Infinity
    | Guarantee
    | LegMatch
    | PayLegs
    | Completion
    | Board
    | Matching
    | Pool
    | Direct
    | OneTime
    | Party
    | Points
    | Allowance,
    Field(discriminator="kind"),
]

KINDS = frozenset(
    get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(AnyBonus)[0])
)

"""The whole document."""

from typing import Annotated

from mlm_plugin.plan.document.figures import Calculated, Encumbrance, Peg
from mlm_plugin.plan.document.guards import AnyGuard
from mlm_plugin.plan.document.kinds import AnyBonus
from mlm_plugin.plan.document.lasting import Code, Money, Returns
from mlm_plugin.plan.document.parts import (
    LATER,
    Attribute,
    Calendar,
    Condition,
    CountOfLines,
    Head,
    Ladder,
    Limit,
    Metric,
    Name,
    Part,
    Status,
    Table,
    TreePart,
    View,
    Volume,
)


class PlanDocument(Part):
    """A compensation plan as data; every part has a name, and names refer to names."""

    plan: Head
    calendars: dict[Name, Calendar] = {}
    trees: dict[Name, TreePart] = {}
    attributes: dict[str, Attribute] = {}
    facts: dict[Name, Attribute] = {}
    """Names of history.csv beyond those that the plan has itself."""
    volumes: dict[Name, Volume] = {}
    counts: dict[Name, CountOfLines] = {}
    metrics: dict[Name, Metric] = {}
    encumbrances: Annotated[dict[Name, Encumbrance], LATER] = {}
    functions: dict[Name, Calculated] = {}
    tables: dict[Name, Table] = {}
    pegs: dict[Name, Peg] = {}
    predicates: dict[Name, Condition] = {}
    statuses: dict[Name, Status] = {}
    ladders: dict[Name, Ladder] = {}
    views: dict[Name, View] = {}
    codes: dict[Name, Code] = {}
    guards: dict[Name, AnyGuard] = {}
    bonuses: dict[Name, AnyBonus] = {}
    limits: dict[Name, Limit] = {}
    money: Money = Money()
    returns: Returns = Returns()

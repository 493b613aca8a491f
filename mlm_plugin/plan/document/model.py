"""The whole document."""

from mlm_plugin.plan.document.figures import Calculated, Peg
from mlm_plugin.plan.document.guards import AnyGuard
from mlm_plugin.plan.document.kinds import AnyBonus
from mlm_plugin.plan.document.lasting import Code, Money, Returns
from mlm_plugin.plan.document.parts import (
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

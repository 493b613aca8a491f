"""The facts of the network; what each is for stands in the file that holds it."""

from mlm_plugin.network.models.applications import (
    Agreement,
    Application,
    Fingerprint,
    PersonalData,
)
from mlm_plugin.network.models.customers import BindingChange, CustomerBinding
from mlm_plugin.network.models.duplicates import DuplicatePair, Merge
from mlm_plugin.network.models.history import PlacementEdge, SponsorEdge
from mlm_plugin.network.models.imports import ColumnMapping, NetworkImport
from mlm_plugin.network.models.members import MAX_DEPTH, PATH_LENGTH, Member, StatusChange
from mlm_plugin.network.models.moves import Move
from mlm_plugin.network.models.placement import (
    HeldPlacement,
    LegCount,
    LegFigures,
    LineEnd,
    Placement,
    PlacementWish,
)

__all__ = [
    "MAX_DEPTH",
    "PATH_LENGTH",
    "Agreement",
    "Application",
    "BindingChange",
    "ColumnMapping",
    "CustomerBinding",
    "DuplicatePair",
    "Fingerprint",
    "HeldPlacement",
    "LegCount",
    "LegFigures",
    "LineEnd",
    "Member",
    "Merge",
    "Move",
    "NetworkImport",
    "PersonalData",
    "Placement",
    "PlacementEdge",
    "PlacementWish",
    "SponsorEdge",
    "StatusChange",
]

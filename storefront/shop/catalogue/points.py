"""Who sees points."""

from typing import Any

from mlm_plugin.volumes.models import BuyerKind


def shows_points(request: Any) -> bool:
    """PV are the members' business."""
    return request.strategy.buyer.kind == BuyerKind.MEMBER

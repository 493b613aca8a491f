"""A plan over several periods of a synthetic or real network, before anybody is paid by it."""

from mlm_plugin.plan.simulation.columns import CannotGrow
from mlm_plugin.plan.simulation.shape import Shape
from mlm_plugin.plan.simulation.simulating import simulate

__all__ = ["CannotGrow", "Shape", "simulate"]

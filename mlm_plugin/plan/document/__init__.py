"""The plan document: what a company writes to say how it pays."""

from mlm_plugin.plan.document.loading import PlanError, read_document
from mlm_plugin.plan.document.model import PlanDocument
from mlm_plugin.plan.document.schema import make_schema

__all__ = ["PlanDocument", "PlanError", "make_schema", "read_document"]

"""The small language of plan documents: read safely, checked before a run, worked on whole columns."""

from mlm_plugin.plan.expressions.compiling import Compiled, Scope, compile_expression
from mlm_plugin.plan.expressions.kinds import DATE, NUMBER, TEXT, TRUTH, Kind
from mlm_plugin.plan.expressions.syntax import ExpressionError
from mlm_plugin.plan.expressions.values import Environment, Frame, Value, Words

__all__ = [
    "DATE",
    "NUMBER",
    "TEXT",
    "TRUTH",
    "Compiled",
    "Environment",
    "ExpressionError",
    "Frame",
    "Kind",
    "Scope",
    "Value",
    "Words",
    "compile_expression",
]

"""From text to a syntax tree: Python's grammar without nearly all of Python.

Only what the language has is let through; nothing is ever run by Python. `5%` is 0.05.
"""

import ast
import re

LONGEST = 2_000
DEEPEST = 60
# A text in quotes is taken whole, so that a percent sign inside it stays what it is.
PERCENT = re.compile(r"""("[^"]*"|'[^']*')|(?<![\w.])(\d+(?:\.\d+)?)\s*%""")
WRITTEN = re.compile(r"[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]+)?")

ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
    ast.Name, ast.Load, ast.Attribute, ast.Constant, ast.Call, ast.keyword, ast.IfExp,
    ast.List, ast.Tuple,
)  # fmt: skip


class ExpressionError(ValueError):
    """An expression that cannot be read or means nothing; the text says what would be right."""


def parse(text: str) -> ast.expr:
    """The syntax tree of an expression. Raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression has at most {LONGEST} characters")
    plain = PERCENT.sub(
        lambda match: match.group(1) or f"({_hundredth(match.group(2))})",
        " ".join(line.strip() for line in text.strip().splitlines()),
    )
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = getattr(error, "msg", None) or "it is nested too deeply"
        raise ExpressionError(f"“{text}” cannot be read: {said}") from None
    _check(tree, depth=0)
    # Numbers are read again from the text: Python's own have no exact tenths.
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            node.kind = ast.get_source_segment(plain, node)
            if type(node.value) is not bool and not WRITTEN.fullmatch(node.kind or ""):
                raise ExpressionError(f"“{node.kind}”: a number is written like 12 or 0.5")
    return tree.body


def _check(node: ast.AST, *, depth: int) -> None:
    if depth > DEEPEST:
        raise ExpressionError(f"an expression is nested at most {DEEPEST} deep")
    if not isinstance(node, ALLOWED):
        raise ExpressionError(f"{type(node).__name__.lower()} is not part of the language")
    if isinstance(node, ast.Constant) and type(node.value) not in (int, float, str, bool):
        raise ExpressionError("only numbers, texts, True and False can be written")
    for child in ast.iter_child_nodes(node):
        _check(child, depth=depth + 1)


def _hundredth(digits: str) -> str:
    whole, _dot, decimals = digits.partition(".")
    whole = whole.zfill(3)
    return f"{whole[:-2]}.{whole[-2:]}{decimals}"


def name_of(node: ast.AST) -> str | None:
    """A name with its dots, None where the node is no name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = name_of(node.value)
        return before and f"{before}.{node.attr}"
    return None

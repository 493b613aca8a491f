"""Every field a plan document may hold, as a page: made from the document's own descriptions."""

import types
from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from mlm_plugin.plan.document.model import PlanDocument

TITLE = """# Every part of a plan

Made by `python -m mlm_plugin.plan schema --page` from the descriptions in the code;
[README.md](README.md) explains the parts in plain words. *Formula* is an expression, *number* also
takes `"5%"`, *name* is in small letters, digits and `_`.
"""


def make_reference() -> str:
    """The page in Markdown."""
    return "\n".join([TITLE, *_sections()]).rstrip("\n") + "\n"


def _sections() -> Iterator[str]:
    told: set[type[BaseModel]] = set()
    for name, info in PlanDocument.model_fields.items():
        parts = list(_parts_of(info.annotation))
        heading = name if isinstance(info.annotation, type) else f"{name}.…"
        yield f"## [{heading}]\n"
        if info.description:
            yield f"{_plain(info.description)}\n"
        for part in parts:
            yield from _describe(part, told, by_kind=len(parts) > 1)


def _describe(
    part: type[BaseModel], told: set[type[BaseModel]], *, by_kind: bool = False
) -> Iterator[str]:
    if part in told:
        return
    told.add(part)
    if by_kind:
        kind = get_args(part.model_fields["kind"].annotation)[0]
        yield f'### kind = "{kind}"\n'
    if part.__doc__:
        yield f"{_plain(part.__doc__)}\n"
    yield "| field | takes | default | meaning |\n| --- | --- | --- | --- |"
    inner = []
    for name, info in part.model_fields.items():
        if by_kind and name == "kind":
            continue
        meaning = _plain(info.description or "")
        yield f"| `{name}` | {_takes(info)} | {_default(info)} | {meaning} |"
        inner += list(_parts_of(info.annotation))
    yield ""
    for each in inner:
        if each not in told:
            yield f"### {each.__name__}\n"
            yield from _describe(each, told)


def _parts_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for each in get_args(annotation):
        yield from _parts_of(each)


def _takes(info: FieldInfo) -> str:
    words = _words(info.annotation, info.metadata)
    return " or ".join(dict.fromkeys(word for word in words if word != "nothing"))


def _words(annotation: Any, metadata: list[Any]) -> Iterator[str]:
    """What may be written, in a word or two."""
    reads = {getattr(getattr(each, "func", None), "__name__", "") for each in metadata}
    origin, inner = get_origin(annotation), get_args(annotation)
    if reads & set(READERS):
        yield from (READERS[reader] for reader in reads if reader in READERS)
    elif origin is Literal:
        yield from (f"`{word}`" for word in inner)
    elif origin in (Union, types.UnionType):
        for each in inner:
            yield from _words(each, list(getattr(each, "__metadata__", ())))
    elif hasattr(annotation, "__metadata__"):
        yield from _words(inner[0], list(annotation.__metadata__))
    elif origin is not None:
        held = inner[1:] if origin is dict else [each for each in inner if each is not Ellipsis]
        words = dict.fromkeys(word for each in held for word in _words(each, []))
        yield f"{'table' if origin is dict else 'list'} of {', '.join(words)}"
    elif annotation is str:
        yield "name" if any(getattr(each, "pattern", None) for each in metadata) else "text"
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (f"`{word.value}`" for word in annotation)
    else:
        yield NAMES.get(annotation, annotation.__name__)


READERS = {"write_expression": "formula", "read_number": "number"}
NAMES: dict[Any, str] = {
    bool: "`true`, `false`", int: "whole number", type(None): "nothing", Any: "anything",
}  # fmt: skip


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "needed"
    value = info.default
    if value is PydanticUndefined or value is None or value in ((), "", {}, frozenset()):
        return "—"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, BaseModel):
        return "—"
    if isinstance(value, frozenset):
        return f"`{', '.join(sorted(value))}`"
    return f"`{value}`"


def _plain(text: str) -> str:
    """One line that a table may hold."""
    return " ".join(text.split()).replace("|", "\\|")

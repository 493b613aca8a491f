"""Frozen inputs: everything a run is computed from, in one file that never changes.

A zip with the plan as it was written, a table of contents (`contents.json`), the arrays as `.npy`,
and the digest that reading checks. The same inputs give the same bytes: entries stand in a fixed
order and carry no time.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from mlm_plugin.plan import calendars, earlier, numbers, snapshot, state
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.expressions import values
from mlm_plugin.plan.plans import Plan, load_plan
from mlm_plugin.plan.sheets import BadInput
from mlm_plugin.plan.snapshot import Snapshot

FORMAT = 1
# The name of the frozen inputs beside a result.
INPUTS = "inputs.zip"
# What the readers of zips, arrays and JSON, and classes with other fields, say of a changed file.
UNREADABLE = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError,
    AttributeError, ArithmeticError, RuntimeError, MemoryError,
)  # fmt: skip
PLAN, CONTENTS = "plan.toml", "contents.json"
# Whatever data class of these modules a snapshot holds can be written and read back.
CLASSES: dict[str, Any] = {
    name: each
    for module in (snapshot, earlier, state, calendars, numbers, values)
    for name, each in vars(module).items()
    if isinstance(each, type) and is_dataclass(each) and each.__module__ == module.__name__
}


def freeze(*, plan_text: str, frozen: Snapshot, path: Path) -> None:
    """Write the inputs of a run; the file takes its name when it is whole."""
    arrays: list[np.ndarray] = []
    contents = {
        "format": FORMAT,
        "digest": frozen.digest(),
        "snapshot": _pack(frozen, arrays),
    }
    text = json.dumps(contents, ensure_ascii=False, sort_keys=True)
    unfinished = path.with_suffix(f"{path.suffix}.part")
    with zipfile.ZipFile(unfinished, "w") as archive:
        _write(archive, PLAN, plan_text.encode())
        _write(archive, CONTENTS, text.encode())
        for number, array in enumerate(arrays):
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            _write(archive, f"{number}.npy", buffer.getvalue())
    unfinished.replace(path)


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    # Names in arrays are mostly padding, which the fastest level takes out already.
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, compresslevel=1)


def thaw(path: Path) -> tuple[Plan, Snapshot]:
    """The plan and the inputs in a frozen file. Raises BadInput for one that was changed."""
    try:
        with zipfile.ZipFile(path) as archive:
            text = archive.read(PLAN).decode()
            contents = json.loads(archive.read(CONTENTS))
            arrays = [
                np.load(io.BytesIO(archive.read(f"{number}.npy")), allow_pickle=False)
                for number in range(len(archive.namelist()) - 2)
            ]
        if contents["format"] != FORMAT:
            raise BadInput(f"{path.name} was frozen by another version of the engine")
        thawed = _unpack(contents["snapshot"], arrays)
        is_whole = isinstance(thawed, Snapshot) and thawed.digest() == contents["digest"]
    except UNREADABLE as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{path.name} is no frozen file that can be read: {error}") from None
    if not is_whole:
        raise BadInput(f"{path.name} was changed after it was frozen: its digest does not fit")
    try:
        return load_plan(text), thawed
    except PlanError as error:
        raise BadInput(f"{path.name}: the plan inside cannot be used: {error}") from None


def _pack(value: Any, arrays: list[np.ndarray]) -> Any:  # noqa: PLR0911 - one line per type
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, np.generic):
        return _pack(value.item(), arrays)
    if isinstance(value, np.ndarray):
        arrays.append(value.astype(value.dtype.newbyteorder("<")))
        return {"array": len(arrays) - 1}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, (tuple, list)):
        return {"tuple": [_pack(each, arrays) for each in value]}
    if isinstance(value, (set, frozenset)):
        return {"set": [_pack(each, arrays) for each in sorted(value)]}
    if isinstance(value, Mapping):
        return {"map": [[_pack(key, arrays), _pack(value[key], arrays)] for key in sorted(value)]}
    name = type(value).__name__
    if CLASSES.get(name) is not type(value):
        raise TypeError(f"a snapshot holds {name}, which cannot be frozen")
    return {name: {each.name: _pack(getattr(value, each.name), arrays) for each in fields(value)}}


def _unpack(packed: Any, arrays: list[np.ndarray]) -> Any:  # noqa: PLR0911 - one line per type
    if not isinstance(packed, dict):
        return packed
    ((name, inside),) = packed.items()
    match name:
        case "array":
            return arrays[inside]
        case "date":
            return date.fromisoformat(inside)
        case "decimal":
            return Decimal(inside)
        case "tuple":
            return tuple(_unpack(each, arrays) for each in inside)
        case "set":
            return frozenset(_unpack(each, arrays) for each in inside)
        case "map":
            return {_unpack(key, arrays): _unpack(value, arrays) for key, value in inside}
    given = {key: _unpack(value, arrays) for key, value in inside.items()}
    return CLASSES[name](**given)

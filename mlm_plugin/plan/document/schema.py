"""The JSON Schema of plan documents, with what the classes alone do not say.

A variant of a bonus takes fields of its bonus, so each kind of bonus has variants of its own, which list
the fields that may differ.
"""

from typing import Any

from mlm_plugin.plan.document.bonus_variants import SHARED, SHARED_BY_KIND
from mlm_plugin.plan.document.model import PlanDocument

ANY_VARIANT = "BonusVariant"


def make_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that editors and the office check documents with."""
    schema = PlanDocument.model_json_schema()
    parts = schema["$defs"]
    general = parts.pop(ANY_VARIANT)
    for name in sorted(parts):
        fields = parts[name].get("properties", {})
        if fields.get("variants", {}).get("items") != {"$ref": f"#/$defs/{ANY_VARIANT}"}:
            continue
        parts[f"{name}Variant"] = _variant(name, fields, general)
        fields["variants"]["items"] = {"$ref": f"#/$defs/{name}Variant"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _variant(name: str, fields: dict[str, Any], general: dict[str, Any]) -> dict[str, Any]:
    """What a variant of one kind of bonus may say: whom it is for, and what differs."""
    kind = fields["kind"]["const"]
    same = SHARED | SHARED_BY_KIND.get(kind, frozenset())
    differing = {
        field: {key: value for key, value in said.items() if key != "default"}
        for field, said in fields.items()
        if field not in same
    }
    return {
        "additionalProperties": False,
        "description": general["description"],
        "minProperties": 2,
        "properties": {**general["properties"], **differing},
        "required": ["when"],
        "title": f"{name}Variant",
        "type": "object",
    }

"""The JSON Schema says what a document may hold: also which fields a variant of a bonus may change."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mlm_plugin.plan.document import PlanError, make_schema
from mlm_plugin.plan.document.bonus_variants import SHARED, SHARED_BY_KIND
from mlm_plugin.plan.document.kinds import KINDS, AnyBonus
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import HEAD, SPONSOR, VOLUMES

SCHEMA = make_schema()
BONUSES = next(iter(SCHEMA["properties"]["bonuses"]["patternProperties"].values()))


def part(reference: str) -> dict[str, Any]:
    """A part of the schema by its reference."""
    found: dict[str, Any] = SCHEMA["$defs"][reference.removeprefix("#/$defs/")]
    return found


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_variants_of_each_kind_list_what_they_may_change(kind: str) -> None:
    fields = part(BONUSES["discriminator"]["mapping"][kind])["properties"]
    variant = part(fields["variants"]["items"]["$ref"])
    shared = SHARED | SHARED_BY_KIND.get(kind, frozenset())
    assert set(variant["properties"]) == {"when", *fields} - shared
    assert variant["additionalProperties"] is False
    assert variant["required"] == ["when"]
    assert not any("default" in said for said in variant["properties"].values())


def test_no_part_is_named_that_is_not_there() -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [each for value in node.values() for each in references(value)]
        return (
            [each for value in node for each in references(value)] if isinstance(node, list) else []
        )

    assert {each.removeprefix("#/$defs/") for each in references(SCHEMA)} <= set(SCHEMA["$defs"])
    assert "BonusVariant" not in SCHEMA["$defs"]


@pytest.mark.parametrize(("field", "fits"), [("rate = '6%'", True), ("tree = 'sponsor'", False)])
def test_the_schema_and_the_reader_agree_on_a_variant(field: str, fits: bool) -> None:
    """A rate may differ, the tree is the same for all."""
    name = field.partition(" ")[0]
    assert (name in part("UnilevelVariant")["properties"]) == fits
    bonus = (
        "[bonuses.team]\nkind = 'unilevel'\nbase = 'cv'\nlevels = 1\nrate = '5%'\n"
        f"[[bonuses.team.variants]]\nwhen = 'pv > 5'\n{field}\n"
    )
    if fits:
        load_plan(HEAD + SPONSOR + VOLUMES + bonus)
    else:
        with pytest.raises(PlanError, match=r"variants\.0\.tree"):
            load_plan(HEAD + SPONSOR + VOLUMES + bonus)


def test_every_kind_needs_its_kind() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AnyBonus).validate_python({"rate": "5%"})

"""Whether pages speak of places in the structure at all."""

from django import template

from mlm_plugin.conf.placement import get_placement_settings

register = template.Library()


@register.simple_tag
def has_placement_tree() -> bool:
    """Whether this company has a placement tree."""
    return get_placement_settings().is_used

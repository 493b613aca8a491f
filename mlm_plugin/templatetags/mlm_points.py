"""How points look on a page."""

from django import template

from mlm_plugin.volumes.writing import write_points, write_signed_points

register = template.Library()
register.filter("points", write_points)
register.filter("signed_points", write_signed_points)

"""How money looks on a page."""

from django import template

from mlm_plugin.payouts.money import write_money

register = template.Library()
register.filter("money", write_money)

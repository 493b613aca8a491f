"""The names of actions in the log, as words."""

from django import template

from mlm_plugin.backoffice.books.log_words import say_action

register = template.Library()


@register.filter
def action_words(name: str) -> str:
    """What an action is called: “plan approved” for `plan.approve`."""
    return say_action(name)

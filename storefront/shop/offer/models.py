"""Oscar's models, except that what benefits and conditions say of themselves is no markup.

Oscar's pages show it as HTML; by default it is the name, and that has the name of a range in it.
"""

from django.utils.html import escape
from oscar.apps.offer.abstract_models import AbstractBenefit, AbstractCondition


class Benefit(AbstractBenefit):
    @property
    def description(self) -> str:
        """The name, as HTML."""
        return escape(self.name)


class Condition(AbstractCondition):
    @property
    def description(self) -> str:
        """The name, as HTML."""
        return escape(self.name)


from oscar.apps.offer.models import *  # noqa: E402, F403

"""What a simulation's page says, in the languages of the explanations."""

from mlm_plugin.plan.explaining.texts import LANGUAGES
from mlm_plugin.plan.money import from_minor

ENGLISH = {
    "title": "Simulation of {plan}",
    "synthetic": "a synthetic network of {members} members, seed {seed}",
    "made_up": "a real network with synthetic purchases, seed {seed}",
    "real": "a real network with its own purchases",
    "about": (
        "{network}; number of periods: {periods}, from {first}. Sums run over all periods; incomes count "
        "everybody, those without any too."
    ),
    "members": "Members",
    "sales": "Sales",
    "customers": "Bought by customers",
    "paid": "Paid",
    "ratio": "Payout ratio",
    "on_customers": "Earned on customers' purchases",
    "without": "Without any income",
    "break_even": "At least earn what they spend",
    "top": "Share of the top 1 %",
    "gini": "Gini coefficient",
    "by_bonus": "Payout ratio by bonus",
    "by_period": "Payout ratio by period",
    "income_of_all": "Income of all members",
    "percentile": "so many percent have at most",
    "income": "income",
    "to": "to {amount}",
    "ranks_of": "Ranks of {ladder}",
    "rank": "rank",
    "column_members": "members",
    "earners": "earners",
    "median": "median",
    "share": "share of pay",
    "column_ratio": "payout ratio",
    "none": "none",
    "against": "Against {plan}",
    "change": (
        "Members who would get less: {losers} ({lost} together), more: {winners} ({won}), the same: "
        "{same}. The payout ratio changes by {points} points."
    ),
    "rank_now": "rank of {ladder} now",
    "get_less": "get less",
    "column_change": "change",
    "the_plan": "The plan {plan}",
}
RUSSIAN = {
    "title": "Испытание плана {plan}",
    "synthetic": "вымышленная сеть, участников: {members}, зерно {seed}",
    "made_up": "настоящая сеть с вымышленными покупками, зерно {seed}",
    "real": "настоящая сеть со своими покупками",
    "about": (
        "{network}; периодов: {periods}, начиная с {first}. Суммы — за все периоды; в доходах учтены все, "
        "и те, кто ничего не получил."
    ),
    "members": "Участники",
    "sales": "Продажи",
    "customers": "Куплено клиентами",
    "paid": "Выплачено",
    "ratio": "Доля выплат",
    "on_customers": "Заработано на покупках клиентов",
    "without": "Без дохода",
    "break_even": "Заработали не меньше, чем потратили",
    "top": "Доля верхнего 1 %",
    "gini": "Коэффициент Джини",
    "by_bonus": "Доля выплат по бонусам",
    "by_period": "Доля выплат по периодам",
    "income_of_all": "Доходы всех участников",
    "percentile": "у стольких процентов доход не больше",
    "income": "доход",
    "to": "до {amount}",
    "ranks_of": "Ранги: {ladder}",
    "rank": "ранг",
    "column_members": "участников",
    "earners": "с доходом",
    "median": "медиана",
    "share": "доля в выплатах",
    "column_ratio": "доля выплат",
    "none": "нет",
    "against": "В сравнении с планом {plan}",
    "change": (
        "Получили бы меньше: {losers} (вместе {lost}), больше: {winners} ({won}), столько же: {same}. "
        "Доля выплат меняется на {points} пункта."
    ),
    "rank_now": "ранг ({ladder}) сейчас",
    "get_less": "получат меньше",
    "column_change": "разница",
    "the_plan": "План {plan}",
}
WORDS = {"en": ENGLISH, "ru": RUSSIAN}


class Page:
    """The words of one language, and how it writes numbers, shares and money."""

    def __init__(self, *, language: str, currency: str) -> None:
        self.language = language
        self.currency = currency

    def say(self, key: str, **figures: object) -> str:
        """A text with its figures."""
        return WORDS[self.language][key].format(**figures)

    def number(self, number: int) -> str:
        """A whole number in groups of three digits."""
        return self._write(str(number))

    def fraction(self, number: float, places: int, *, signed: bool = False) -> str:
        """A number with so many decimals."""
        plus = "+" if signed and number >= 0 else ""
        return plus + self._write(f"{number:.{places}f}")

    def percent(self, share: float) -> str:
        """A share as people read it."""
        return f"{self.fraction(100 * share, 2)} %"

    def money(self, amount: float, places: int) -> str:
        """An amount of the smallest unit."""
        plain = f"{from_minor(round(amount), places=places):f}"
        return f"{self._write(plain)} {self.currency}"

    def _write(self, plain: str) -> str:
        return str(LANGUAGES[self.language].write_number(plain))

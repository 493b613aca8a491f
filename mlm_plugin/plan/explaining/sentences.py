"""One member's result in sentences: what it earned on which order lines, what it did not, its ranks.

Lists are cut after `most` entries, with the number and the sum of what is left out.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.awards import Awards
from mlm_plugin.plan.bonuses.forms import form_of
from mlm_plugin.plan.calendars import EPOCH
from mlm_plugin.plan.document.bonuses import LegMatch
from mlm_plugin.plan.explaining.legs import legs_of, shares_in
from mlm_plugin.plan.explaining.reasons import say_why
from mlm_plugin.plan.explaining.texts import Texts
from mlm_plugin.plan.money import from_minor
from mlm_plugin.plan.rank_rows import LadderRows, RankRow
from mlm_plugin.plan.reason_figures import Figure, figures_of
from mlm_plugin.plan.running import Result, find_skips
from mlm_plugin.plan.shares import Shares, shares_of
from mlm_plugin.plan.state import NO_DATE

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation

INDENT = "  "
# What a leader is handed by those below, or has left after what it hands on itself.
HANDED_ON = ("passed_up", "guarantee_given")


class UnknownMember(ValueError):
    """The result knows no such member."""


def explain(*, result: Result, member: str, language: str, most: int | None = 20) -> str:
    """Everything a result says of a member, by its id or as the owner of positions.

    Raises UnknownMember.
    """
    positions = result.computation.snapshot.positions
    own = positions.owners[positions.owner] == member
    rows = np.flatnonzero((positions.ids == member) | own).tolist()
    if not rows:
        raise UnknownMember(f"there is no member {member} in this result")
    head = result.computation.plan.document.plan
    texts = Texts(language=language, currency=head.currency, places=head.places)
    return "\n\n".join("\n".join(Explanation(result, row, texts, most).lines()) for row in rows)


class Explanation:
    """The sentences of one position."""

    def __init__(self, result: Result, row: int, texts: Texts, most: int | None) -> None:
        self.result = result
        self.row = row
        self.texts = texts
        self.most = most

    @property
    def computation(self) -> "Computation":
        """What the result was computed with."""
        return self.result.computation

    def lines(self) -> Iterator[str]:
        """The whole text, line by line."""
        say, period = self.texts.say, self.computation.snapshot.period
        head = self.computation.plan.document.plan
        yield say(
            "title", member=self._id(self.row), period=period.id, plan=head.title or head.id,
            first=self.texts.date(period.first), last=self.texts.date(period.last),
        )  # fmt: skip
        yield ""
        yield from self._earned()
        yield ""
        yield from self._skipped()
        yield from self._ranks()
        yield from self._payout()

    def _earned(self) -> Iterator[str]:
        own = {
            name: awards.chosen((awards.payee == self.row) & (awards.amount != 0)).in_order()
            for name, awards in self.result.awards.items()
        }
        own = {name: awards for name, awards in own.items() if awards.size}
        if not own:
            yield self.texts.say("earned_nothing")
            return
        total = sum(int(awards.amount.sum()) for awards in own.values())
        yield self.texts.say("earned", amount=self.texts.money(total))
        for name, awards in own.items():
            amount = self.texts.money(int(awards.amount.sum()))
            yield INDENT + self.texts.say("bonus", bonus=self._title(name), amount=amount)
            yield from self._awards(awards)

    def _awards(self, awards: Awards) -> Iterator[str]:
        shown = awards.chosen(np.arange(awards.size)[: self.most])
        shares = None if awards.line is not None else shares_of(self.computation, shown)
        for row in range(shown.size):
            yield INDENT * 2 + self._award(shown, row)
            # What is taken back was paid on lines of another period.
            if shown.reasons[shown.reason[row]].code != "returned":
                yield from self._order_lines(shown, row, shares)
        left = awards.amount[shown.size :]
        yield from self._more(2, len(left), int(left.sum()))

    def _award(self, awards: Awards, row: int) -> str:
        bonus = form_of(self.computation, awards.bonus, int(awards.payee[row]))
        kind = str(getattr(bonus, "kind", ""))
        base, rate = awards.base.spread(awards.size), awards.rate.spread(awards.size)
        figures: dict[str, object] = {
            "amount": self.texts.money(int(awards.amount[row])),
            "base": self.texts.number(int(base[row]), awards.base.places),
            "rate": self.texts.percent(int(rate[row]), awards.rate.places),
            "source": self._id(int(awards.source[row])),
            "level": int(awards.level[row]),
        }
        key = f"award.{kind}"
        if getattr(bonus, "unit", "percent") in ("cycles", "pairs"):
            key = f"award.{kind}.cycles"
            figures["count"] = int(base[row]) // 10**awards.base.places
            figures["rate"] = self.texts.number(int(rate[row]), awards.rate.places)
        elif kind == "pool":
            payees = self.result.awards[awards.bonus].payee
            for name, number in zip(
                ("share", "shares"),
                shares_in(self.computation, awards.bonus, payees, self.row),
                strict=True,
            ):
                figures[name] = self.texts.number(int(number.values[0]), number.places)
        elif kind == "differential" and not awards.level[row]:
            key = "award.differential.own"
        elif kind == "guarantee" and awards.reasons[awards.reason[row]].code in HANDED_ON:
            key = "award.guarantee.handed_on"
        elif kind == "party" and awards.reasons[awards.reason[row]].code == "booking":
            key = "award.party.booking"
        else:
            figures["base"] = f"{figures['base']}{self._peg(awards, row)}"
        said = self.texts.say(key if self.texts.has(key) else "award.other", **figures)
        return said + self._changed(awards, row)

    def _peg(self, awards: Awards, row: int) -> str:
        """What a unit of base is worth, where it is not one unit of money."""
        if awards.reasons[awards.reason[row]].code not in ("paid", "limit", "guard"):
            return ""
        exact, base, rate = (
            from_minor(int(each.spread(awards.size)[row]), places=each.places)
            for each in (awards.exact, awards.base, awards.rate)
        )
        if not base * rate:
            return ""
        peg = round(exact / (base * rate) * 10**6)
        return "" if peg in (0, 10**6) else f" × {self.texts.number(peg, 6)}"

    def _changed(self, awards: Awards, row: int) -> str:
        reason = awards.reasons[awards.reason[row]]
        if reason.code == "paid":
            return ""
        key = f"changed.{reason.code}"
        key = key if self.texts.has(key) else "changed.other"
        return ", " + self.texts.say(key, about=reason.about, code=reason.code).strip()

    def _order_lines(self, awards: Awards, row: int, shares: Shares | None) -> Iterator[str]:
        if awards.line is not None:
            if awards.line[row] >= 0:
                base = int(awards.base.spread(awards.size)[row])
                key = "order" if awards.grain == "order" else "line"
                yield INDENT * 3 + self._order_line(
                    key, int(awards.line[row]), (base, awards.base.places), int(awards.amount[row])
                )
            return
        if shares is None:
            yield from self._legs(awards.bonus)
            return
        found = np.flatnonzero(shares.award == row)
        shown = found[: self.most]
        for place in shown.tolist():
            base = int(shares.base.spread(len(shares.award))[place])
            yield INDENT * 3 + self._order_line(
                "line", int(shares.line[place]), (base, shares.base.places),
                int(shares.amount[place]),
            )  # fmt: skip
        left = found[len(shown) :]
        yield from self._more(3, len(left), int(shares.amount[left].sum()))

    def _legs(self, bonus: str) -> Iterator[str]:
        """A binary's legs, each with the order lines of its new volume."""
        if not isinstance(self.computation.plan.document.bonuses[bonus], LegMatch):
            return
        lines = self.computation.snapshot.lines
        for leg in legs_of(self.result, bonus, self.row):
            new, carried, left = (
                self.texts.number(value, leg.places) for value in (leg.new, leg.carried, leg.left)
            )
            yield INDENT * 3 + self.texts.say(
                "leg", level=leg.number, new=new, carried=carried, left=left
            )
            for day, value in leg.lots[: self.most]:
                if day != NO_DATE:
                    yield INDENT * 4 + self.texts.say(
                        "lot", date=self.texts.date(EPOCH + timedelta(days=day)),
                        amount=self.texts.number(value, leg.places),
                    )  # fmt: skip
            brought = leg.brought.spread(len(leg.line))
            for place, line in enumerate(leg.line[: self.most].tolist()):
                yield INDENT * 4 + self.texts.say(
                    "volume_line", order=lines.orders[line], line=lines.lines[line],
                    date=self.texts.date(EPOCH + timedelta(days=int(lines.day[line]))),
                    base=self.texts.number(int(brought[place]), leg.brought.places),
                    member=self._id(int(lines.member[line])),
                )  # fmt: skip
            rest = brought[len(leg.line[: self.most]) :]
            if len(rest):
                yield INDENT * 4 + self.texts.say(
                    "more", count=len(rest),
                    amount=self.texts.number(int(rest.sum()), leg.brought.places),
                )  # fmt: skip

    def _order_line(self, key: str, line: int, base: tuple[int, int], amount: int) -> str:
        lines = self.computation.snapshot.lines
        return self.texts.say(
            key, order=lines.orders[line], line=lines.lines[line],
            date=self.texts.date(EPOCH + timedelta(days=int(lines.day[line]))),
            base=self.texts.number(*base), amount=self.texts.money(amount),
        )  # fmt: skip

    def _skipped(self) -> Iterator[str]:
        found = find_skips(result=self.result, member=self.row)
        places = self.computation.plan.document.plan.places
        mode = self.computation.plan.document.plan.rounding.mode
        own = {name: skips.in_order() for name, skips in found.items() if skips.size}
        if not own:
            yield self.texts.say("nothing_skipped")
            return
        yield self.texts.say("not_paid")
        for name, skips in own.items():
            would_be = skips.exact.to_places(places, mode).spread(skips.size)
            yield INDENT + self.texts.say(
                "skipped_bonus", bonus=self._title(name), count=skips.size,
                amount=self.texts.money(int(would_be.sum())),
            )  # fmt: skip
            shown = would_be[: self.most]
            first = skips.chosen(np.arange(len(shown)))
            figures = figures_of(self.computation, first)
            for row, amount in enumerate(shown.tolist()):
                yield INDENT * 2 + self._skip(first, row, amount, figures.get(row, []))
            left = would_be[len(shown) :]
            yield from self._more(2, len(left), int(left.sum()))

    def _skip(self, skips: Awards, row: int, amount: int, figures: Sequence[Figure]) -> str:
        source = int(skips.source[row])
        return self.texts.say(
            "skip.own" if source == self.row else "skip",
            amount=self.texts.money(amount),
            base=self.texts.number(int(skips.base.spread(skips.size)[row]), skips.base.places),
            source=self._id(source),
            level=int(skips.level[row]),
            reason=say_why(self.texts, skips.reasons[skips.reason[row]], figures),
        )

    def _ranks(self) -> Iterator[str]:
        ladders = self.computation.plan.document.ladders
        if not ladders:
            return
        yield ""
        yield self.texts.say("ranks")
        for name in ladders:
            rows = list(LadderRows(self.computation, name).of(self.row))
            held = next((row.rank for row in rows if row.kind == "paid_as"), "")
            rank = held or self.texts.say("no_rank")
            yield INDENT + self.texts.say("rank", ladder=name, rank=rank)
            yield from self._requirements([row for row in rows if row.kind == "paid_as"])
            for row in rows:
                if row.kind in ("forced", "kept") or (row.kind == "career" and row.rank != held):
                    why = f" ({row.requirement})" if row.requirement else ""
                    yield INDENT * 2 + self.texts.say(f"rank.{row.kind}", rank=row.rank) + why
            following = [row for row in rows if row.kind == "next"]
            if following:
                yield INDENT + self.texts.say("rank.next", rank=following[0].rank)
                yield from self._requirements(following)
            else:
                yield INDENT + self.texts.say("rank.top")

    def _requirements(self, rows: Sequence[RankRow]) -> Iterator[str]:
        for row in rows:
            if not row.requirement:
                continue
            figures = {
                "requirement": row.requirement,
                "value": self.texts.figure(row.value),
            }
            key = "met" if row.met == "yes" else "missing"
            if row.value or row.threshold:
                key = f"{key}.figures"
            missing = _missing(row)
            if missing is not None:
                key, figures["missing"] = "missing.by", self.texts.figure(missing)
            yield INDENT * 2 + self.texts.say(key, **figures)

    def _payout(self) -> Iterator[str]:
        settlement = self.result.settlement
        if settlement is None:
            return
        owner = int(self.computation.snapshot.positions.owner[self.row])
        lines = [(name, int(column[owner])) for name, column in settlement.lines()]
        if {name for name, amount in lines if amount} <= {"earned", "paid"}:
            return
        yield ""
        yield self.texts.say("payout")
        for name, amount in lines:
            if amount:
                first, _colon, about = name.partition(":")
                # The words of these say already that it is taken off.
                shown = -amount if first in ("held", "paid") else amount
                yield INDENT + self.texts.say(
                    f"payout.{first}", name=about, amount=self.texts.money(shown)
                )

    def _more(self, depth: int, count: int, amount: int) -> Iterator[str]:
        if count:
            yield INDENT * depth + self.texts.say(
                "more", count=count, amount=self.texts.money(amount)
            )

    def _title(self, bonus: str) -> str:
        return self.computation.plan.document.bonuses[bonus].title or bonus

    def _id(self, row: int) -> str:
        return str(self.computation.snapshot.positions.ids[row])


def _missing(row: RankRow) -> str | None:
    """How much more is needed, where a number falls short of another."""
    if row.met == "yes" or not (_is_number(row.value) and _is_number(row.threshold)):
        return None
    short = Decimal(row.threshold) - Decimal(row.value)
    return f"{short:f}" if short > 0 else None


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()

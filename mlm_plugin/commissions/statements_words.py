"""A statement as people read it, in the words of the engine's own explanations (English, Russian).

`tell` turns a statement into texts, once for screen, paper and file alike; so none of them can say
another amount than the others.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from django.utils.translation import gettext as _

from mlm_plugin.commissions.models import PlanVersion
from mlm_plugin.commissions.overrides import ADJUSTMENT
from mlm_plugin.commissions.statements import Correction, Statement, StatementAward, StatementHead
from mlm_plugin.commissions.statements_details import OrderLineShare, RankLine, Skip, SkipsOfBonus
from mlm_plugin.ledger.models import Account
from mlm_plugin.plan.awards import Reason
from mlm_plugin.plan.explaining.reasons import say_why
from mlm_plugin.plan.explaining.texts import LANGUAGES, Texts
from mlm_plugin.plan.numbers import Numbers
from mlm_plugin.plan.reason_figures import Figure

# below_threshold:pv >= 15 [pv=12/15], or returned:2026-03 [was=5.00]
BECAUSE = re.compile(r"([^:\[\s]*)(?::(.*?))?(?: \[(.*)\])?", re.DOTALL)


@dataclass(frozen=True)
class ToldLine:
    """An order line behind an award."""

    order: str
    line: str
    date: str
    base: str
    amount: str


@dataclass(frozen=True)
class ToldAward:
    """An award with its sentence, and the lines it opens down to; `rest` tells of more lines."""

    bonus: str
    source: str
    order: str
    line: str
    level: int
    base: str
    rate: str
    amount: str
    minor: int
    reason: str
    lines: tuple[ToldLine, ...]
    rest: str


@dataclass(frozen=True)
class ToldBonus:
    """What a bonus paid, and those of its awards that are shown."""

    title: str
    count: int
    amount: str
    awards: tuple[ToldAward, ...]


@dataclass(frozen=True)
class ToldSkip:
    """What was not paid, and why not."""

    source: str
    level: int
    base: str
    reason: str
    amount: str


@dataclass(frozen=True)
class ToldSkips:
    """The skips of a bonus; `rest` tells of those not listed."""

    title: str
    count: int
    amount: str
    skips: tuple[ToldSkip, ...]
    rest: str


@dataclass(frozen=True)
class ToldNeed:
    """A requirement of a rank: what it is, how far it is met."""

    text: str
    value: str
    threshold: str
    missing: str
    met: bool


@dataclass(frozen=True)
class ToldLadder:
    """Where a member stands on a ladder: the rank of the period, and the next one."""

    name: str
    rank: str
    needs: tuple[ToldNeed, ...]
    notes: tuple[str, ...]
    next_rank: str
    next_needs: tuple[ToldNeed, ...]


@dataclass(frozen=True)
class ToldCorrection:
    """What a difference run changed."""

    run: int
    day: date
    award: ToldAward


@dataclass(frozen=True)
class Told:
    """A statement in words. Every amount is written with its currency."""

    bonuses: tuple[ToldBonus, ...]
    skips: tuple[ToldSkips, ...]
    ladders: tuple[ToldLadder, ...]
    corrections: tuple[ToldCorrection, ...]
    settled: tuple[tuple[str, str], ...]
    out: tuple[tuple[str, str], ...]
    earned: str
    corrected: str
    received: str
    held: str
    has_details: bool


@lru_cache(maxsize=16)
def names_of_bonuses(document: str) -> dict[str, tuple[str, str]]:
    """Title and kind of each bonus of a plan document."""
    bonuses = tomllib.loads(document).get("bonuses", {})
    return {
        name: (str(part.get("title") or name), str(part.get("kind", "")))
        for name, part in bonuses.items()
    }


def titles_of_bonuses(*, period_id: int) -> dict[str, str]:
    """The titles of the bonuses of the plan a period is paid by, and of what is adjusted by hand."""
    documents = PlanVersion.objects.filter(periods=period_id).values_list("document", flat=True)
    names = names_of_bonuses(documents.first() or "")
    return {**{name: title for name, (title, _kind) in names.items()}, ADJUSTMENT: _by_hand()}


def _by_hand() -> str:
    return _("Adjusted by hand")


def texts_of(*, language: str, currency: str, places: int) -> Texts:
    """The engine's words in a reader's language, English where there are none."""
    short = language.partition("-")[0]
    return Texts(language=short if short in LANGUAGES else "en", currency=currency, places=places)


def tell(*, statement: Statement, language: str) -> Told:
    """A statement in the words of a language."""
    texts = texts_of(language=language, currency=statement.currency, places=statement.places)
    teller = _Teller(texts, names_of_bonuses(statement.document))
    details = statement.details
    return Told(
        bonuses=tuple(teller.bonuses(statement)),
        skips=tuple(teller.skips(each) for each in (details.skips if details else ())),
        ladders=tuple(teller.ladders(details.ranks if details else ())),
        corrections=tuple(teller.correction(each) for each in statement.corrections),
        settled=tuple(teller.settled(*line) for line in _worth_telling(statement.settled)),
        out=tuple((_out_label(kind), texts.money(amount)) for kind, amount in statement.out),
        earned=texts.money(statement.total),
        corrected=texts.money(statement.corrected),
        received=texts.money(statement.received),
        held=texts.money(statement.held) if statement.held else "",
        has_details=details is not None,
    )


@dataclass(frozen=True)
class ToldHead:
    """A period in the list of statements."""

    number: int
    name: str
    committed_at: datetime
    earned: str
    corrections: str
    held: str
    total: str


def tell_head(*, head: StatementHead, language: str) -> ToldHead:
    """A period of the list in the words of a language."""
    texts = texts_of(language=language, currency=head.currency, places=head.places)
    return ToldHead(
        number=head.period.pk,
        name=head.period.name,
        committed_at=head.committed_at,
        earned=texts.money(head.earned),
        corrections=texts.money(head.corrections) if head.corrections else "–",
        held=texts.money(head.held) if head.held else "–",
        total=texts.money(head.total),
    )


def _worth_telling(settled: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """The settlement, where it is more than that everything that was earned is paid."""
    return settled if {name for name, _amount in settled} - {"earned", "paid"} else ()


def _out_label(kind: str) -> str:
    return {
        Account.Kind.PAID.value: _("Paid out"),
        Account.Kind.FEES.value: _("Fees"),
        Account.Kind.TAXES.value: _("Tax withheld"),
    }[kind]


class _Teller:
    """Says the parts of one statement."""

    def __init__(self, texts: Texts, names: dict[str, tuple[str, str]]) -> None:
        self.texts = texts
        self.names = names

    def title(self, bonus: str) -> str:
        """The title of a bonus; its name where the plan has no such bonus."""
        if bonus == ADJUSTMENT:
            return _by_hand()
        return self.names.get(bonus, (bonus, ""))[0]

    def bonuses(self, statement: Statement) -> Iterable[ToldBonus]:
        """The bonuses with their sums, in the order of the awards."""
        for each in statement.bonuses:
            awards = [award for award in statement.awards if award.bonus == each.bonus]
            yield ToldBonus(
                title=self.title(each.bonus),
                count=each.count,
                amount=self.texts.money(each.amount),
                awards=tuple(self.award(award) for award in awards),
            )

    def award(self, award: StatementAward) -> ToldAward:
        """One award with its sentence."""
        details = award.details
        lines = details.lines if details else ()
        rest = ""
        if details and details.rest_count:
            rest = self.texts.say(
                "more", count=details.rest_count, amount=self.texts.money(details.rest_amount)
            )
        return ToldAward(
            bonus=self.title(award.bonus),
            source=award.source,
            order=award.order,
            line=award.line,
            level=award.level,
            base=self.texts.figure(award.base),
            rate=self._percent(award.rate),
            amount=self.texts.money(award.amount),
            minor=award.amount,
            reason=self._sentence(award),
            lines=tuple(self._line(line) for line in lines),
            rest=rest,
        )

    def _sentence(self, award: StatementAward) -> str:
        """What the engine says of such an award, without the amount, which has its own column."""
        code, about, figures_said = _split(award.because)
        if code == "adjusted":
            return about
        if code == "difference":
            both = dict(each.split("=", 1) for each in figures_said.split("; ") if "=" in each)
            return _("Was %(was)s, is now %(now)s.") % {
                "was": self.texts.figure(both.get("was", "")),
                "now": self.texts.figure(both.get("now", "")),
            }
        details, kind = award.details, self.names.get(award.bonus, ("", ""))[1]
        extra = dict((details.figures if details else None) or {})
        key = (details.said if details else "") or f"award.{kind}"
        if not self.texts.has(key):
            key = "award.other"
        amount = self.texts.money(award.amount)
        peg = extra.pop("peg", "")
        figures: dict[str, object] = {
            "amount": amount,
            "base": self.texts.figure(award.base) + (f" × {self.texts.figure(peg)}" if peg else ""),
            "rate": self._percent(award.rate),
            "source": award.source,
            "level": award.level,
            "share": "–",
            "shares": "–",
            **{name: self.texts.figure(value) for name, value in extra.items()},
        }
        if key.endswith(".cycles"):
            figures["count"] = int(Decimal(award.base))
            figures["rate"] = self.texts.figure(award.rate)
        said = self.texts.say(key, **figures).removeprefix(f"{amount}: ")
        if code != "paid":
            changed = f"changed.{code}"
            changed = changed if self.texts.has(changed) else "changed.other"
            said += ", " + self.texts.say(changed, about=about, code=code).strip()
        return said[:1].upper() + said[1:]

    def skips(self, skips: SkipsOfBonus) -> ToldSkips:
        """What a bonus did not pay."""
        left = skips.count - len(skips.first)
        rest = ""
        if left:
            listed = sum(skip.amount for skip in skips.first)
            rest = self.texts.say(
                "more", count=left, amount=self.texts.money(skips.amount - listed)
            )
        return ToldSkips(
            title=self.title(skips.bonus),
            count=skips.count,
            amount=self.texts.money(skips.amount),
            skips=tuple(self._skip(skip) for skip in skips.first),
            rest=rest,
        )

    def _skip(self, skip: Skip) -> ToldSkip:
        reason = say_why(
            self.texts, Reason(skip.code, skip.about), [Figure(*each) for each in skip.figures]
        )
        return ToldSkip(
            source=skip.source,
            level=skip.level,
            base=self.texts.figure(skip.base),
            reason=reason[:1].upper() + reason[1:],
            amount=self.texts.money(skip.amount),
        )

    def ladders(self, ranks: Sequence[RankLine]) -> Iterable[ToldLadder]:
        """The ladders, each with what is met and what is missing."""
        for name, lines in groupby(ranks, key=lambda line: line.ladder):
            rows = list(lines)
            held = [row for row in rows if row.kind == "paid_as"]
            following = [row for row in rows if row.kind == "next"]
            rank = held[0].rank if held else self.texts.say("no_rank")
            yield ToldLadder(
                name=name,
                rank=rank,
                needs=tuple(self._need(row) for row in held if row.requirement),
                notes=tuple(self._note(row) for row in rows if self._is_noted(row, rank)),
                next_rank=following[0].rank if following else "",
                next_needs=tuple(self._need(row) for row in following if row.requirement),
            )

    def _is_noted(self, row: RankLine, rank: str) -> bool:
        return row.kind in ("forced", "kept") or (row.kind == "career" and row.rank != rank)

    def _note(self, row: RankLine) -> str:
        said = self.texts.say(f"rank.{row.kind}", rank=row.rank)
        said = said[:1].upper() + said[1:]
        return f"{said} ({row.requirement})" if row.requirement else said

    def _need(self, row: RankLine) -> ToldNeed:
        missing = ""
        if not row.met and _is_number(row.value) and _is_number(row.threshold):
            short = Decimal(row.threshold) - Decimal(row.value)
            missing = self.texts.figure(f"{short:f}") if short > 0 else ""
        return ToldNeed(
            text=row.requirement,
            value=self.texts.figure(row.value),
            threshold=self.texts.figure(row.threshold),
            missing=missing,
            met=row.met,
        )

    def correction(self, correction: Correction) -> ToldCorrection:
        """A line of a difference run."""
        return ToldCorrection(
            run=correction.run_number,
            day=correction.committed_at.date(),
            award=self.award(correction.award),
        )

    def settled(self, name: str, amount: int) -> tuple[str, str]:
        """A line from what was carried to what is left: its words and its amount."""
        first, _colon, about = name.partition(":")
        key = f"payout.{first}"
        if not self.texts.has(key):
            return name, self.texts.money(amount)
        mark = "\N{NULL}"
        said = self.texts.say(key, name=about, amount=mark).removesuffix(f": {mark}")
        return said[:1].upper() + said[1:], self.texts.money(amount)

    def _line(self, line: OrderLineShare) -> ToldLine:
        return ToldLine(
            order=line.order,
            line=line.line,
            date=self.texts.date(date.fromisoformat(line.day)),
            base=self.texts.figure(line.base),
            amount=self.texts.money(line.amount),
        )

    def _percent(self, rate: str) -> str:
        try:
            share = Numbers.constant(Decimal(rate))
        except ArithmeticError:
            return rate
        return self.texts.percent(int(share.values), share.places)


def _split(because: str) -> tuple[str, str, str]:
    """Code, subject and figures of a reason as the engine's files write it."""
    found = BECAUSE.fullmatch(because)
    return (found[1], found[2] or "", found[3] or "") if found else ("other", because, "")


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()

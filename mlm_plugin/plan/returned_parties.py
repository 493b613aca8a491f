"""Credits of parties taken back where goods of a party come back (plan catalogue, 1.13, 1.15).

The credit for a subtotal, and that for a party that was booked, in the part of the subtotal that is
returned. The credit for items in what the dearest of those that the host keeps are worth less: as many
items stay credited as were.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlm_plugin.plan.bonuses.party import BOOKED
from mlm_plugin.plan.bonuses.party_items import EXCLUSIVE, offers_of
from mlm_plugin.plan.changes import Change
from mlm_plugin.plan.document.further import Party
from mlm_plugin.plan.earlier import OldAwards
from mlm_plugin.plan.expressions.compiling import as_numbers
from mlm_plugin.plan.money import Column
from mlm_plugin.plan.numbers import Numbers, add_up
from mlm_plugin.plan.returns import Returned, values_of_lines
from mlm_plugin.plan.settlement import stand_ins
from mlm_plugin.plan.trees import Rows

if TYPE_CHECKING:
    from mlm_plugin.plan.computing import Computation


@dataclass(frozen=True)
class PartyLines:
    """Lines of one party that bring something to a volume: sold, returned before, and with this period."""

    row: Rows
    sold: Column
    before: Column
    after: Column


@dataclass
class Credits:
    """How much of what each award of a bonus rests on was returned, filled in party by party."""

    old: OldAwards
    before: Column
    after: Column
    whole: Column

    def find(self, payee: int, source: int, level: int) -> Rows:
        """The awards of a payee at the parties of a seller that no party was found for yet."""
        old = self.old
        same = (old.payee == payee) & (old.source == source) & (old.level == level)
        return np.flatnonzero(same & (self.whole == 0))

    def note(self, award: int, before: int, after: int, whole: int) -> None:
        """What was returned of what one award rests on."""
        self.before[award], self.after[award], self.whole[award] = before, after, whole


def change_of_parties(
    computation: "Computation", name: str, old: OldAwards, returned: Mapping[str, Returned]
) -> Change:
    """How much was returned of what each award of a party bonus rests on."""
    bonus = computation.plan.document.bonuses[name]
    assert isinstance(bonus, Party)
    found = Credits(old, *_of_subtotals(computation, bonus, old, returned[bonus.base]))
    for code in _parties_of(computation, bonus, old, returned):
        party = _lines_of(computation, bonus, bonus.base, old=old, code=code, returned=returned)
        if not len(party.row):
            continue
        _note_items(computation, bonus, party, code=code, found=found, returned=returned)
        if bonus.booked_by is not None:
            _note_booking(computation, name, bonus, party, found)
    # Parts of one award are in the unit of its volume; those of items may be counted finer.
    used = [
        returned[bonus.base].places,
        *(returned[each.volume].places for each in offers_of(bonus)),
    ]
    finer = np.array(
        [10 ** (max(used) - _places_of(bonus, level, returned)) for level in old.level.tolist()],
        dtype=np.int64,
    )
    before, after, whole = (each * finer for each in (found.before, found.after, found.whole))
    return Change(old, before, after, whole, max(used))


def _places_of(bonus: Party, level: int, returned: Mapping[str, Returned]) -> int:
    """The decimals that the awards of a level are counted in."""
    volumes = {offer.level: offer.volume for offer in offers_of(bonus)}
    return returned[volumes.get(level, bonus.base)].places


def _parties_of(
    computation: "Computation", bonus: Party, old: OldAwards, returned: Mapping[str, Returned]
) -> Iterator[int]:
    """The parties of the period of which anything came back, as codes of their names."""
    lines = computation.snapshot.lines
    named = lines.texts.get(bonus.party)
    if named is None or not (old.level > 0).any():
        return
    volumes = [bonus.base, *(offer.volume for offer in offers_of(bonus))]
    row = np.concatenate([returned[each].row for each in volumes])
    first, last = old.period.days
    row = row[(lines.day[row] >= first) & (lines.day[row] <= last)]
    yield from (code for code in np.unique(named.codes[row]).tolist() if named.words[code])


def _lines_of(
    computation: "Computation", bonus: Party, volume: str, *, old: OldAwards, code: int,
    returned: Mapping[str, Returned],
) -> PartyLines:  # fmt: skip
    lines, of = computation.snapshot.lines, returned[volume]
    first, last = old.period.days
    inside = (lines.day >= first) & (lines.day <= last)
    inside &= lines.texts[bonus.party].codes == code
    if lines.refund_of is not None:
        inside &= lines.refund_of < 0
    rows = np.flatnonzero(inside)
    counts, values = values_of_lines(computation, volume, rows)
    columns = np.zeros((3, lines.size), dtype=np.int64)
    columns[0, rows] = np.where(counts, np.maximum(values.values, 0), 0)
    columns[:, of.row] = (of.sold, of.before, of.after)
    rows = rows[columns[0, rows] > 0]
    return PartyLines(rows, *columns[:, rows])


def _member(computation: "Computation", column: str, row: int) -> int:
    """The row of the member whom a line names."""
    words = computation.snapshot.lines.texts[column]
    name = words.words[words.codes[row]]
    return int(np.searchsorted(computation.snapshot.positions.ids, name)) if name else -1


def _payee(computation: "Computation", member: int) -> int:
    owner = computation.snapshot.positions.owner[[member]]
    return int(stand_ins(computation, owner)[0])


def _note_items(
    computation: "Computation", bonus: Party, party: PartyLines, *, code: int, found: Credits,
    returned: Mapping[str, Returned],
) -> None:  # fmt: skip
    """Take back of each kind of items what those that are left, dearest first, are worth less."""
    lines, owner = computation.snapshot.lines, computation.snapshot.positions.owner
    seller = int(lines.member[party.row[0]])
    host = seller if bonus.host is None else _member(computation, bonus.host, int(party.row[0]))
    for offer in offers_of(bonus):
        items = _lines_of(
            computation, bonus, offer.volume, old=found.old, code=code, returned=returned
        )
        kept = np.arange(len(items.row))
        if offer.level == EXCLUSIVE:
            kept = np.flatnonzero(owner[lines.member[items.row]] == owner[host])
        sold, before, after = (column[kept] for column in (items.sold, items.before, items.after))
        sums = np.cumsum(-np.sort(-sold))
        places = returned[offer.volume].places
        base = found.old.base.to_places(places).spread(len(found.old.payee))
        for award in found.find(_payee(computation, host), seller, offer.level).tolist():
            count = int(np.searchsorted(sums, base[award])) + 1
            if count > len(sums) or sums[count - 1] != base[award]:
                continue
            left = [int(-np.sort(-(sold - gone))[:count].sum()) for gone in (before, after)]
            whole = int(base[award])
            found.note(award, whole - left[0], whole - left[1], whole)
            break


def _note_booking(
    computation: "Computation", name: str, bonus: Party, party: PartyLines, found: Credits
) -> None:
    """Take back the part that came back of the party that was booked."""
    assert bonus.booked_by is not None
    row = int(party.row[0])
    seller = int(computation.snapshot.lines.member[row])
    booked = _member(computation, bonus.booked_by, row)
    if booked < 0:
        return
    awards = found.find(_payee(computation, booked), seller, BOOKED)
    worth = _worth_of_booking(computation, name, booked, seller, int(party.sold.sum()))
    base = found.old.base.at(awards)
    same = awards[base.compare(worth, np.equal)]
    if len(same):
        sums = (int(each.sum()) for each in (party.before, party.after, party.sold))
        found.note(int(same[0]), *sums)


def _worth_of_booking(
    computation: "Computation", name: str, booked: int, seller: int, subtotal: int
) -> Numbers:
    """What a party brings to whom it was booked with."""
    bonus = computation.plan.document.bonuses[name]
    assert isinstance(bonus, Party)
    places = computation.plan.document.volumes[bonus.base].places
    payee, source = np.array([booked]), np.array([seller])
    level = Numbers(np.zeros(1, dtype=np.int64))
    env = computation.environment(
        {"payee": payee, "source": source, "member": payee}, 1,
        {"level": level, "generation": level, "base": Numbers(np.array([subtotal]), places)},
    )  # fmt: skip
    worth = as_numbers(computation.plan.formula(f"bonuses.{name}.booking"), env)
    return Numbers(np.array(worth.spread(1)), worth.places)


def _of_subtotals(
    computation: "Computation", bonus: Party, old: OldAwards, of: Returned
) -> tuple[Column, Column, Column]:
    """What was returned of the parties of each host and seller, and their subtotals."""
    lines, positions = computation.snapshot.lines, computation.snapshot.positions
    first, last = old.period.days
    row = of.row
    named = lines.texts.get(bonus.party)
    known = (lines.day[row] >= first) & (lines.day[row] <= last)
    if named is not None:
        known &= np.array([bool(word) for word in named.words])[named.codes[row]]
    kept = np.flatnonzero(known)
    row = row[kept]
    host = lines.member[row]
    if bonus.host is not None:
        words = lines.texts[bonus.host]
        host = np.searchsorted(positions.ids, np.array(words.words)[words.codes[row]])
    host = stand_ins(computation, positions.owner[host])
    pairs = np.concatenate((old.payee, host)) * computation.size
    pairs += np.concatenate((old.source, lines.member[row]))
    found, which = np.unique(pairs, return_inverse=True)
    of_awards, of_lines = which[: len(old.payee)], which[len(old.payee) :]
    is_credit = old.level == 0
    base = old.base.to_places(of.places).spread(len(old.payee))
    sums = [
        (of_lines, of.before[kept]), (of_lines, of.after[kept]),
        (of_awards, np.where(is_credit, base, 0)),
    ]  # fmt: skip
    before, after, whole = (
        np.where(is_credit, add_up(values, groups=groups, count=len(found))[of_awards], 0)
        for groups, values in sums
    )
    return before, after, whole

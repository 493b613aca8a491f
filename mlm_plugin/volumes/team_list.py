"""The team as a table: what may be asked for, a page of it, and all of it as rows of a file.

Cabinet and staff share it as they share the tree: `tree_rows.describe` decides what each card shows.
What is not shown can be neither searched, filtered nor sorted by: a reach of the settings
(`MLM["TEAM_SHOWS"]`) ends the list where the answer would tell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mlm_plugin.network.downline import Slice
from mlm_plugin.network.models import MAX_DEPTH, Member
from mlm_plugin.network.spreadsheets import harmless_cell
from mlm_plugin.network.visibility import levels_shown
from mlm_plugin.plan.money import POINT_PLACES, format_points, to_minor
from mlm_plugin.volumes.team import GROUP, OWN, SORTS, Counted, TeamSlice, count_team, get_team
from mlm_plugin.volumes.tree import list_ranks
from mlm_plugin.volumes.tree_rows import TreeRow, TreeView, describe

PAGE = 50
CHUNK = 1_000
USUAL_SORT = "level"
BY_POINTS = ("points", "-points", "own", "-own")
MOST_DIGITS = 12


class TeamFilterForm(forms.Form):
    """Which members of a downline are wanted; everything may stay empty."""

    q = forms.CharField(
        label=_("Name or code"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    level_from = forms.IntegerField(
        label=_("Level from"), min_value=1, max_value=MAX_DEPTH, required=False
    )
    level_to = forms.IntegerField(label=_("to"), min_value=1, max_value=MAX_DEPTH, required=False)
    rank = forms.ChoiceField(label=_("Rank"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("any")), *Member.Status.choices]
    )
    joined_from = forms.DateField(
        label=_("Joined from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    joined_to = forms.DateField(
        label=_("to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    points_of = forms.ChoiceField(
        label=_("Points"),
        required=False,
        choices=[(GROUP, _("Group PV")), (OWN, _("Own PV"))],
    )
    points_from = forms.DecimalField(
        label=_("from"), max_digits=MOST_DIGITS, decimal_places=POINT_PLACES, required=False
    )
    points_to = forms.DecimalField(
        label=_("to"), max_digits=MOST_DIGITS, decimal_places=POINT_PLACES, required=False
    )

    def __init__(self, *args: Any, ranks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rank"].choices = [("", _("any")), *((rank, rank) for rank in ranks)]

    def count_filters(self) -> int:
        """How many of the fields narrow the list down."""
        values = {**self.cleaned_data, "points_of": ""} if self.is_valid() else {}
        return sum(1 for value in values.values() if value not in ("", None))

    def as_slice(self) -> TeamSlice:
        """A valid form as the selectors take it."""
        given = self.cleaned_data
        return TeamSlice(
            members=Slice(
                level_from=given["level_from"] or 1,
                level_to=given["level_to"],
                ranks=(given["rank"],) if given["rank"] else (),
                statuses=(given["status"],) if given["status"] else (),
                joined_from=given["joined_from"],
                joined_to=given["joined_to"],
                text=given["q"],
            ),
            points_of=given["points_of"] or GROUP,
            points_from=_in_minor(given["points_from"]),
            points_to=_in_minor(given["points_to"]),
        )


@dataclass(frozen=True)
class TeamList:
    """A page of the table; empty where the form holds what cannot be read.

    `sorted_as_of`: how old the points are that a large downline is sorted by; None: they are of now.
    """

    view: TreeView
    form: TeamFilterForm
    sort: str
    rows: tuple[TreeRow, ...] = ()
    next_cursor: str = ""
    counted: Counted | None = None
    sorted_as_of: datetime | None = None

    @property
    def periods(self) -> list[Any]:
        """The months to choose from, the newest first."""
        return list(self.view.periods[::-1])


def read_team_list(*, view: TreeView, parameters: Mapping[str, str]) -> TeamList:
    """The page an address asks for: the form's fields, `sort` and `after`."""
    form, sort = _read(parameters)
    page = TeamList(view=view, form=form, sort=sort)
    if not form.is_valid():
        return page
    wanted = _within_reach(view, form.as_slice(), sort)
    found = get_team(
        member=view.head,
        period=view.period,
        wanted=wanted,
        sort=sort,
        cursor=parameters.get("after", ""),
        limit=PAGE,
        at=view.at,
    )
    places = [(row.member.pk, 0, row.level) for row in found.rows]
    return replace(
        page,
        rows=tuple(describe(view, places)),
        next_cursor=found.next_cursor,
        sorted_as_of=found.sorted_as_of,
        counted=count_team(member=view.head, period=view.period, wanted=wanted, at=view.at),
    )


def export_team(*, view: TreeView, parameters: Mapping[str, str]) -> Iterator[list[str]]:
    """The whole list as rows of a file, the heading first; only the heading if a field is wrong."""
    form, sort = _read(parameters)
    yield [
        _now("Code"), _now("Name"), _now("Level"), _now("Rank"), _now("Status"), _now("Joined"),
        _now("Own PV"), _now("Group PV"), _now("First line"),
    ]  # fmt: skip
    if not form.is_valid():
        return
    wanted, cursor = _within_reach(view, form.as_slice(), sort), ""
    while True:
        page = get_team(
            member=view.head,
            period=view.period,
            wanted=wanted,
            sort=sort,
            cursor=cursor,
            limit=CHUNK,
            at=view.at,
        )
        for row in describe(view, [(row.member.pk, 0, row.level) for row in page.rows]):
            yield _cells(row)
        cursor = page.next_cursor
        if not cursor:
            return


def _read(parameters: Mapping[str, str]) -> tuple[TeamFilterForm, str]:
    sort = parameters.get("sort", "")
    form = TeamFilterForm(parameters, ranks=list_ranks())
    return form, sort if sort in SORTS else USUAL_SORT


def _within_reach(view: TreeView, wanted: TeamSlice, sort: str) -> TeamSlice:
    """The same, ending where a search or an order would tell what is not shown."""
    if view.is_staff:
        return wanted
    asks_points = (
        sort in BY_POINTS or wanted.points_from is not None or wanted.points_to is not None
    )
    ends = [
        wanted.members.level_to,
        levels_shown("names") if wanted.members.text or sort in ("name", "-name") else None,
        levels_shown("points") if asks_points else None,
    ]
    known = [end for end in ends if end is not None]
    return replace(wanted, members=replace(wanted.members, level_to=min(known) if known else None))


def _cells(row: TreeRow) -> list[str]:
    points = ["" if value is None else format_points(value) for value in (row.own, row.group)]
    texts = [harmless_cell(text) for text in (row.code, row.name)]
    joined = row.joined.isoformat() if row.joined else ""
    rest = [harmless_cell(row.rank), row.status_label, joined, *points, str(row.size)]
    return [*texts, str(row.level), *rest]


def _in_minor(value: Any) -> int | None:
    return None if value is None else to_minor(value, places=POINT_PLACES)

"""What the tree viewer's addresses answer, the same for the cabinet and for the staff.

The page itself gets a `Screen`, which a template shows without any script; the script gets the same
rows as plain values, first those of the page, then what it asks for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mlm_plugin.conf.placement import get_placement_settings
from mlm_plugin.network.models import Member
from mlm_plugin.network.placement_selectors import get_last_leg_count
from mlm_plugin.volumes.tree import (
    Spot,
    Trail,
    TreePage,
    find_in_tree,
    get_path,
    get_trail,
    get_tree_page,
    list_ranks,
    locate,
    read_start,
)
from mlm_plugin.volumes.tree_rows import PLACEMENT, TreeRow, TreeView

# So many branches an address may open at once, and so long a search is looked at.
MOST_OPEN = 12
LONGEST_TEXT = 100


@dataclass(frozen=True)
class Line:
    """One line of the nested list: a card, and where its links lead.

    `address` opens the branch inside the list, or closes it again; `below` is what is open. `more`
    leads to the rest of a branch that is longer than a page.
    """

    row: TreeRow
    address: str
    branch_address: str
    below: tuple["Line", ...] = ()
    more: str = ""

    @property
    def place(self) -> int:
        """The slot as people count."""
        return self.row.index + 1


@dataclass(frozen=True)
class Screen:
    """The viewer's page: where one is, the line that is shown, the branches opened inside it.

    `hits` are what a search has found, None without one. `counted_at`: when the legs of the placement
    tree were counted. `data` is all of it for the script.
    """

    view: TreeView
    trail: Trail
    page: TreePage
    opened: Mapping[str, TreePage]
    text: str
    hits: Sequence[TreeRow] | None
    has_placement: bool
    width: int
    counted_at: datetime | None
    data: dict[str, Any]

    @property
    def parameters(self) -> str:
        """What an address of the same view carries besides the member."""
        month = "" if self.view.at is None else f"&period={self.view.period:%Y-%m}"
        return f"tree={self.view.tree}{month}"

    @property
    def periods(self) -> list[date]:
        """The months to choose from, the newest first."""
        return list(self.view.periods[::-1])

    @property
    def lines(self) -> tuple[Line, ...]:
        """The nested list."""
        return self._lines(self.page)

    @property
    def more_address(self) -> str:
        """Where the line goes on; empty at its end."""
        return self._next(self.page)

    def _lines(self, page: TreePage) -> tuple[Line, ...]:
        return tuple(self._line(row) for row in page.rows)

    def _line(self, row: TreeRow) -> Line:
        below = self.opened.get(row.code)
        others = [code for code in self.opened if code != row.code]
        codes = others if below else [*self.opened, row.code]
        opened = "".join(f"&open={code}" for code in codes)
        start = f"&from={self.page.start}" if self.page.start else ""
        return Line(
            row=row,
            address=f"?of={self.page.of.code}&{self.parameters}{start}{opened}#m-{row.code}",
            branch_address=f"?of={row.code}&{self.parameters}",
            below=self._lines(below) if below else (),
            more=self._next(below) if below else "",
        )

    def _next(self, page: TreePage) -> str:
        if not page.next_start:
            return ""
        return f"?of={page.of.code}&{self.parameters}&from={page.next_start}"


def get_screen(*, view: TreeView, parameters: Any) -> Screen:
    """The page an address asks for: `of`, `from`, `open` (several) and `q`; parameters as a QueryDict.

    Branches that are not below the member shown are left out. Raises Member.DoesNotExist where `of`
    is nobody of the view.
    """
    spot = locate(view=view, code=parameters.get("of", ""))
    page = get_tree_page(view=view, spot=spot, start=read_start(parameters.get("from", "")))
    trail = get_trail(view=view, spot=spot)
    opened = _open(view, page, parameters.getlist("open")[:MOST_OPEN])
    text = parameters.get("q", "")[:LONGEST_TEXT].replace("\0", "")
    settings = get_placement_settings()
    counted = get_last_leg_count() if view.tree == PLACEMENT and view.at is None else None
    return Screen(
        view=view,
        trail=trail,
        page=page,
        opened=opened,
        text=text,
        hits=find_in_tree(view=view, text=text) if text.strip() else None,
        has_placement=settings.is_used,
        width=settings.width,
        counted_at=counted.counted_at if counted else None,
        data={
            "tree": view.tree,
            "period": f"{view.period:%Y-%m}",
            "width": settings.width,
            "page": page_values(page),
            "opened": [page_values(each) for each in opened.values()],
            "ranks": list_ranks(),
        },
    )


def answer_branch(*, view: TreeView, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Part of a first line: `of` and `from`. Raises Member.DoesNotExist."""
    spot = locate(view=view, code=parameters.get("of", ""))
    start = read_start(parameters.get("from", ""))
    return page_values(get_tree_page(view=view, spot=spot, start=start))


def answer_find(*, view: TreeView, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Whom the words `q` find."""
    hits = find_in_tree(view=view, text=parameters.get("q", "")[:LONGEST_TEXT])
    return {"hits": [row_values(row) for row in hits]}


def answer_path(*, view: TreeView, parameters: Mapping[str, str]) -> dict[str, Any]:
    """What to open until the member `of` is seen. Raises Member.DoesNotExist."""
    path = get_path(view=view, spot=locate(view=view, code=parameters.get("of", "")))
    return {"top": path.top, "rows": [row_values(row) for row in path.rows]}


def page_values(page: TreePage) -> dict[str, Any]:
    """A page of a first line as plain values."""
    return {
        "of": row_values(page.of),
        "total": page.total,
        "start": page.start,
        "rows": [row_values(row) for row in page.rows],
    }


def row_values(row: TreeRow) -> dict[str, Any]:
    """A card as plain values; what is not known is left out."""
    values = {
        "index": row.index,
        "level": row.level,
        "code": row.code,
        "name": row.name,
        "rank": row.rank,
        "status": row.status,
        "statusLabel": row.status_label,
        "joined": row.joined and row.joined.isoformat(),
        "size": row.size,
        "own": row.own,
        "group": row.group,
        "slot": row.slot,
        "legMembers": row.leg_members,
        "legPoints": row.leg_points,
        "hasPage": row.has_page or None,
        "isFree": row.is_free or None,
    }
    return {key: value for key, value in values.items() if value not in (None, "")}


def _open(view: TreeView, page: TreePage, codes: Sequence[str]) -> dict[str, TreePage]:
    """The first pages of those branches that begin in a row that is shown, in the order asked for."""
    shown = {row.code: row for row in page.rows}
    opened: dict[str, TreePage] = {}
    for code in codes:
        row = shown.get(code)
        if row is None or not row.code or code in opened or not row.size:
            continue
        member = Member.objects.get(code=code)
        below = get_tree_page(view=view, spot=Spot(member, row.level))
        opened[code] = below
        shown.update({each.code: each for each in below.rows})
    return opened

"""Where the fill rules put somebody. Each tree is drawn in the docstring, from the left."""

import random
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.document.parts import TreePart
from mlm_plugin.plan.placing.filling import Placed, place_members
from mlm_plugin.plan.placing.tour import Tour
from mlm_plugin.plan.sheets import BadInput, Sheet

Row = Sequence[str]


def sheet(rows: Sequence[Row], columns: str = "member,sponsor") -> Sheet:
    """A members' file."""
    names = columns.split(",")
    return Sheet(
        "members.csv", {name: [row[place] for row in rows] for place, name in enumerate(names)},
        len(rows),
    )  # fmt: skip


def places(
    rows: Sequence[Row],
    columns: str = "member,sponsor",
    *,
    on: date | None = None,
    **fields: object,
) -> dict[str, tuple[str, int]]:
    """Parent and side (from 1) of everybody below the top."""
    tree = TreePart.model_validate({"parent": "placement", "side": "side", "width": 2, **fields})
    members = sheet(rows, columns)
    placed = place_members(sheet=members, name="binary", tree=tree, on=on)
    ids = members.columns["member"]
    return {
        ids[row]: (ids[parent], int(placed.side[row]) + 1)
        for row, parent in enumerate(placed.parent.tolist())
        if parent >= 0
    }


ALL_UNDER_ADA = [("ada", "")] + [(name, "ada") for name in ("ben", "cleo", "dora", "eve", "finn")]


def test_breadth_first_fills_level_by_level_below_the_sponsor() -> None:
    """Ada has Ben and Cleo; Ben then Dora and Eve, Cleo Finn. Ben's own Gus goes below Dora."""
    found = places([*ALL_UNDER_ADA, ("gus", "ben")], fill="breadth_first")
    assert found == {
        "ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1), "eve": ("ben", 2),
        "finn": ("cleo", 1), "gus": ("dora", 1),
    }  # fmt: skip


def test_depth_first_fills_a_branch_before_the_next() -> None:
    """Two levels below Ada: Ben, below him Cleo and Dora, then Eve on the right with Finn."""
    found = places(ALL_UNDER_ADA, fill="depth_first", height=2)
    assert found == {
        "ben": ("ada", 1), "cleo": ("ben", 1), "dora": ("ben", 2), "eve": ("ada", 2),
        "finn": ("eve", 1),
    }  # fmt: skip


def test_depth_first_goes_on_further_down_when_the_levels_are_full() -> None:
    found = places(ALL_UNDER_ADA[:4], fill="depth_first", height=1)
    assert found == {"ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1)}


def test_balanced_goes_to_the_smallest_branch() -> None:
    """Ben's branch has Cleo's two recruits when Gus comes, so Gus goes to Dora's."""
    rows = [("ada", ""), ("ben", "ada"), ("dora", "ada"), ("eve", "ben"), ("finn", "ben"),
            ("gus", "ada"), ("hal", "ada")]  # fmt: skip
    found = places(rows, fill="balanced")
    assert (found["gus"], found["hal"]) == (("dora", 1), ("dora", 2))


def test_alternate_takes_turns_and_goes_to_the_outer_end() -> None:
    found = places(ALL_UNDER_ADA, fill="alternate")
    assert found == {
        "ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1), "eve": ("cleo", 2),
        "finn": ("dora", 1),
    }  # fmt: skip


def test_weaker_goes_to_the_leg_with_fewer_members() -> None:
    """Ben brings Eve, so his leg has two and Ada's next, Finn, goes below Cleo."""
    rows = [("ada", ""), ("ben", "ada"), ("cleo", "ada"), ("eve", "ben"), ("finn", "ada")]
    assert places(rows, fill="weaker")["finn"] == ("cleo", 2)
    assert places(rows, fill="weaker", within_leg="breadth_first")["finn"] == ("cleo", 1)


def test_outside_stays_on_the_sponsors_own_side_unless_one_is_chosen() -> None:
    """Dora is Ben's: the outer line on the left goes on below him. Eve wishes the right."""
    rows = [("ada", "", ""), ("ben", "ada", ""), ("cleo", "ada", "right"), ("dora", "ben", ""),
            ("eve", "ada", "2")]  # fmt: skip
    found = places(rows, "member,sponsor,side", fill="outside")
    assert found == {
        "ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1), "eve": ("cleo", 2),
    }  # fmt: skip


def test_next_slot_asks_for_no_sponsor() -> None:
    rows = [("ada", ""), ("ben", "ada"), ("cleo", "ben"), ("dora", "cleo"), ("eve", "")]
    found = places(rows, fill="next_slot")
    assert found == {
        "ben": ("ada", 1), "cleo": ("ada", 2), "dora": ("ben", 1), "eve": ("ben", 2),
    }  # fmt: skip


def test_joining_order_is_by_day_and_then_as_in_the_file() -> None:
    """Cleo joined before Ben; Dora stands before her sponsor Eve, and follows her."""
    rows = [("ada", "", "2026-01-01"), ("ben", "ada", "2026-01-03"), ("cleo", "ada", "2026-01-02"),
            ("dora", "eve", "2026-01-03"), ("eve", "cleo", "2026-01-03")]  # fmt: skip
    found = places(rows, "member,sponsor,joined", fill="breadth_first")
    assert found == {
        "cleo": ("ada", 1), "ben": ("ada", 2), "eve": ("cleo", 1), "dora": ("eve", 1),
    }  # fmt: skip


def test_who_has_a_place_keeps_it() -> None:
    rows = [("ada", "", "", ""), ("ben", "ada", "ada", "right"), ("cleo", "ada", "", "")]
    found = places(rows, "member,sponsor,placement,side", fill="breadth_first")
    assert found == {"ben": ("ada", 2), "cleo": ("ada", 1)}


def test_a_holding_tank_keeps_new_members_and_who_follows_them() -> None:
    """Joined on the 20th, Ben waits 14 days for Ada's choice, and Cleo for Ben."""
    rows = [("ada", "", "2025-01-01"), ("ben", "ada", "2026-01-20"), ("cleo", "ben", "2026-01-21")]
    columns = "member,sponsor,joined"
    fields = {"fill": "breadth_first", "hold_days": 14}
    assert places(rows, columns, on=date(2026, 1, 31), **fields) == {}
    assert places(rows, columns, on=date(2026, 2, 3), **fields) == {"ben": ("ada", 1)}
    assert len(places(rows, columns, **fields)) == 2


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ([("ada", ""), ("ben", "eve")], "member,sponsor", "line 3: there is no member eve"),
        ([("ada", "ben"), ("ben", "ada")], "member,sponsor", "line 2: member ada is above itself"),
        (
            [("ada", "", "", ""), ("ben", "ada", "ada", "1"), ("cleo", "ada", "ada", "1")],
            "member,sponsor,placement,side",
            "line 4: the place below ada in the tree “binary” is taken",
        ),
        ([("ada", "", "up")], "member,sponsor,side", "line 2: “up” is no side: left, right or"),
        ([("ada", ""), ("ben", "ada")], "member,sponsor", "line 3: ben: the side must be chosen"),
        ([("ada", "", "1.2.2026")], "member,sponsor,joined", "line 2: “1.2.2026” in column"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(rows: list[Row], columns: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        places(rows, columns, fill="chosen" if "chosen" in said else "breadth_first")


def test_the_command_writes_positions_in_the_order_of_members(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        '[plan]\nid = "m"\ncurrency = "EUR"\n[trees.matrix]\nparent = "placement"\n'
        'width = 3\nfill = "breadth_first"\n'
    )
    (tmp_path / "members.csv").write_text(
        "member,sponsor\nroot,\na,root\nb,root\nc,root\nd,root\n", encoding="utf-8"
    )
    arguments = ["place", str(tmp_path / "plan.toml"), "--members", str(tmp_path / "members.csv")]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "positions.csv").read_text() == (
        "member,tree,parent,side\na,matrix,root,1\nb,matrix,root,2\nc,matrix,root,3\n"
        "d,matrix,a,1\nroot,matrix,,\n"
    )


def slow_breadth_first(sponsors: Sequence[int], width: int) -> list[tuple[int, int]]:
    """Look through the levels below the sponsor, place by place."""
    children: list[list[int]] = [[]]
    found = [(-1, -1)]
    for row in range(1, len(sponsors)):
        queue = [sponsors[row]]
        while len(children[queue[0]]) == width:
            queue += children[queue.pop(0)]
        found.append((queue[0], len(children[queue[0]])))
        children[queue[0]].append(row)
        children.append([])
    return found


def slow_balanced(sponsors: Sequence[int], width: int) -> list[tuple[int, int]]:
    """Count the branches anew at every step."""
    children: list[list[int]] = [[]]
    found = [(-1, -1)]

    def size(row: int) -> int:
        return 1 + sum(map(size, children[row]))

    for row in range(1, len(sponsors)):
        here = sponsors[row]
        while len(children[here]) == width:
            here = min(children[here], key=size)
        found.append((here, len(children[here])))
        children[here].append(row)
        children.append([])
    return found


@settings(max_examples=60, deadline=None)
@given(choices=st.lists(st.integers(0, 1_000), max_size=40), width=st.integers(1, 4))
@pytest.mark.parametrize(
    ("fill", "slow"), [("breadth_first", slow_breadth_first), ("balanced", slow_balanced)]
)
def test_the_quick_ways_find_what_looking_at_everything_finds(
    fill: str, slow: object, choices: list[int], width: int
) -> None:
    sponsors = [-1, *(choice % (row + 1) for row, choice in enumerate(choices))]
    rows = [(str(row), str(above) if above >= 0 else "") for row, above in enumerate(sponsors)]
    tree = TreePart.model_validate({"parent": "placement", "width": width, "fill": fill})
    placed: Placed = place_members(sheet=sheet(rows), name="tree", tree=tree)
    assert callable(slow)
    expected = slow(sponsors, width)
    assert list(zip(placed.parent.tolist(), placed.side.tolist(), strict=True)) == expected


@settings(max_examples=40, deadline=None)
@given(choices=st.lists(st.integers(0, 1_000), max_size=60))
def test_a_branch_is_counted_by_a_walk_as_by_hand(choices: list[int]) -> None:
    tour = Tour(len(choices) + 1, longest=4)
    tour.add(0, parent=-1)
    above = [-1]
    for row, choice in enumerate(choices, start=1):
        above.append(choice % row)
        tour.add(row, parent=above[row])
    sizes = [1] * len(above)
    for row in range(len(above) - 1, 0, -1):
        sizes[above[row]] += sizes[row]
    assert [tour.size(row) for row in range(len(above))] == sizes


@pytest.mark.parametrize(
    ("fill", "shape"),
    [("weaker", "star"), ("outside", "star"), ("breadth_first", "line"), ("balanced", "random")],
)
def test_a_large_network_is_placed_in_seconds(fill: str, shape: str) -> None:
    """20,000 members; looking at everybody for each of them would take minutes."""
    chance = random.Random(1)
    above = {"star": lambda _row: 0, "line": lambda row: row - 1, "random": chance.randrange}[shape]
    rows = [("0", ""), *((str(row), str(above(row))) for row in range(1, 20_000))]
    tree = TreePart.model_validate({"parent": "placement", "width": 2, "fill": fill})
    members = sheet(rows)
    started = time.perf_counter()
    place_members(sheet=members, name="tree", tree=tree)
    assert time.perf_counter() - started < 8


def test_a_run_leaves_who_waits_without_a_place_and_pays_nobody_on_the_leg(tmp_path: Path) -> None:
    """Ben and Cleo have places; Dora joined on the 20th and waits 14 days, so on 31 January she stands
    in no leg. Ada matches Ben's 100 and Cleo's 60: 6.00; with Dora's 50 right of Cleo it were 10.00."""
    (tmp_path / "plan.toml").write_text(
        '[plan]\nid = "m"\ncurrency = "EUR"\n[trees.sponsor]\nparent = "sponsor"\n'
        '[trees.binary]\nparent = "placement"\nside = "side"\nfill = "breadth_first"\n'
        'hold_days = 14\n[volumes.cv]\nof = "line.cv"\n'
        '[bonuses.legs]\nkind = "binary"\ntree = "binary"\nrate = "10%"\n'
    )
    (tmp_path / "members.csv").write_text(
        "member,sponsor,joined\nada,,2025-01-01\nben,ada,2025-01-02\ncleo,ada,2025-01-03\n"
        "dora,cleo,2026-01-20\n"
    )
    (tmp_path / "volumes.csv").write_text(
        "order,line,member,buyer,date,pv,cv\n1,1,ben,self,2026-01-21,1,100\n"
        "2,1,cleo,self,2026-01-21,1,60\n3,1,dora,self,2026-01-21,1,50\n"
    )
    files = [f"--{name}={tmp_path / name}.csv" for name in ("members", "volumes")]
    run = ["run", str(tmp_path / "plan.toml"), *files]
    for period, paid in (("2026-01", "6.00"), ("2026-02", None)):
        out = tmp_path / period
        assert main([*run, "--period", period, "--out", str(out)]) == 0
        placed = (out / "positions.csv").read_text()
        assert ("dora,binary,cleo,1" in placed) == (paid is None)
        assert ("dora,binary" in placed) == (paid is None)
        assert "dora,sponsor,cleo," in placed
        totals = "payee,bonus,amount\n" + (f"ada,legs,{paid}\n" if paid else "")
        assert (out / "totals.csv").read_text() == totals

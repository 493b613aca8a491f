"""What nobody means to write, and somebody does: each is refused in words, with nothing left behind."""

from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from tests.plan.test_command_line import MEMBERS, PLAN, VOLUMES, Folder

HEADINGS = "order,line,member,buyer,date,pv,cv\n"
REFUNDED = [
    line + (",A1/1" if line.startswith("A2") else ",refund_of" if line.startswith("order") else ",")
    for line in (VOLUMES + "A2,1,ada,self,2026-02-05,-10,-10\n").splitlines()
]
BINARY = (
    PLAN
    + """
[trees.binary]
parent = "above"
side = "side"
[bonuses.legs]
kind = "binary"
tree = "binary"
rate = "10%"
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("members.csv", 'member,sponsor\n"a\nda",\nben,zed\n', "members.csv, line 4: there is no"),
        ("members.csv", MEMBERS + "zed\0,ada\n", "members.csv, line 6: a character 0"),
        ("members.csv", "member,sponsor,\nada,,\n", "line 1: a heading is missing"),
        ("volumes.csv", VOLUMES + ",1,ben,self,2026-01-05,1,1\n", "line 7: an order line has"),
        ("volumes.csv", HEADINGS + "A1,1,ben,self,2026-01-05,1_000,1\n", "line 2: “1_000”"),
        ("volumes.csv", HEADINGS + "A1,1,ben,self,2026-01-05,١,1\n", "line 2: “١”"),
        ("volumes.csv", HEADINGS + "A1,1,ben,self,2026-W01-1,1,1\n", "line 2: “2026-W01-1”"),
        (
            "volumes.csv",
            HEADINGS + "A1,1,ben,self,2026-01-05,1,900000000000000000\n",
            "cv: a number is too large",
        ),
    ],
    ids=[
        "line-breaks",
        "character-0",
        "heading",
        "no-order",
        "underscore",
        "digits",
        "week",
        "sum",
    ],
)
def test_a_bad_row_is_named_with_its_line(
    folder: Folder, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    folder.write(name, text)
    assert main(folder.arguments()) == 2
    assert said in capsys.readouterr().err
    assert not (folder.path / "out").exists()


@pytest.mark.parametrize("number", ["0x10", "0o7", "0b1", "1e999999999", "1e400"])
def test_a_number_nobody_can_reckon_with_is_refused_at_its_place(
    folder: Folder, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    folder.write("plan.toml", PLAN.replace('"rates(level)"', f'"{number}"'))
    assert main(folder.arguments()) == 2
    assert capsys.readouterr().err.startswith("bonuses.team.rate: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["10%", "5%"]', '["ten%"]', "tables.rates.levels.0: “ten%” is no percentage"),
        ('["10%", "5%"]', "[1e999999]", "a number is too large"),
        ("[statuses.active]", "[statuses.if]", "statuses.if: this word belongs to the language"),
        (
            "[statuses.active]",
            "".join(f"[metrics.a{n}]\nvalue = 'a{n + 1}'\n" for n in range(2000))
            + "[metrics.a2000]\nvalue = 'cv'\n[statuses.active]",
            "build on each other",
        ),
        (
            "[statuses.active]",
            "[bonuses.match]\nkind = 'matching'\nof = ['match']\nrate = 1\ngenerations = 1\n"
            "[statuses.active]",
            "bonuses.match.of: it would match itself",
        ),
        (
            "[statuses.active]",
            "[calendars.c]\nkind = 'list'\nperiods = [{id = 'a', first = 2026-01-01, "
            "until = 2026-01-02}, {id = 'a', first = 2026-01-03, until = 2026-01-04}]\n"
            "[statuses.active]",
            "calendars.c: two periods are called a",
        ),
        (
            "[statuses.active]",
            "[money]\ndeductions = { tax = 2 }\n[statuses.active]",
            "money.deduct",
        ),
    ],
    ids=["percent", "exponent", "keyword", "chain", "match", "period", "money"],
)
def test_a_document_nobody_can_run_is_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    folder.write("plan.toml", PLAN.replace(old, new))
    assert main(folder.arguments()) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("side", "said"),
    [("left", "line 4: the place below ada, side left, is taken"), ("", "line 4: column “side”")],
)
def test_a_place_below_somebody_has_a_side_and_is_one_members_alone(
    folder: Folder, capsys: pytest.CaptureFixture[str], side: str, said: str
) -> None:
    folder.write("plan.toml", BINARY)
    folder.write(
        "members.csv",
        f"member,sponsor,above,side\nada,,,\nben,ada,ada,left\ncleo,ben,ada,{side}\n"
        "dora,cleo,ben,left\n",
    )
    assert main(folder.arguments()) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "plan",
    [
        BINARY.replace('side = "side"\n', "").replace('"above"', '"sponsor"'),
        PLAN + '[metrics.left]\nvalue = "on_side(cv, 1)"\n',
    ],
)
def test_left_and_right_need_a_tree_with_sides(
    folder: Folder, capsys: pytest.CaptureFixture[str], plan: str
) -> None:
    folder.write("plan.toml", plan)
    assert main(folder.arguments()) == 2
    assert "“side”" in capsys.readouterr().err


def test_a_percent_sign_in_a_text_stays_what_it_is(folder: Folder) -> None:
    """dora buys 100.00 and cleo's club is “Club 10%”, so cleo has 10 % of it."""
    folder.write(
        "plan.toml", PLAN.replace('payee = "active"', "payee = \"payee.club == 'Club 10%'\"")
    )
    folder.write(
        "members.csv", "member,sponsor,club\nada,,\nben,ada,\ncleo,ben,Club 10%\ndora,cleo,\n"
    )
    assert main(folder.arguments()) == 0
    assert (folder.path / "out/totals.csv").read_text() == "payee,bonus,amount\ncleo,team,10.00\n"


def test_a_formula_may_go_over_several_lines(folder: Folder) -> None:
    folder.write(
        "plan.toml", PLAN.replace('"rates(level)"', "'''10%\n  if level == 1\n  else 5%'''")
    )
    assert main(folder.arguments()) == 0


def test_a_week_at_the_end_of_time_is_no_period(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = folder.arguments()
    arguments[arguments.index("2026-01")] = "9999-W52"
    assert main(arguments) == 2
    assert "9999-W52" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("out", "a file")
    assert main(folder.arguments()) == 2
    assert "out: " in capsys.readouterr().err


def test_who_fails_half_way_leaves_the_result_that_was_there(folder: Folder) -> None:
    """A rate of 9,999,999,999 makes figures that the files' last columns cannot hold."""
    assert main(folder.arguments("--skips")) == 0
    out = folder.path / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    huge = PLAN.replace('["10%", "5%"]', "[999999999999]").replace("\nlevels = 2", "\nlevels = 1")
    folder.write("plan.toml", huge)
    assert main(folder.arguments()) == 2
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_result_holds_no_skips_of_the_one_before_it(folder: Folder) -> None:
    assert main(folder.arguments("--skips")) == 0
    assert main(folder.arguments()) == 0
    assert not (folder.path / "out/skips.csv").exists()


def test_a_bound_on_bonuses_of_another_calendar_waits_for_their_runs(folder: Folder) -> None:
    """The bound is on a weekly bonus, and the run is a monthly one."""
    folder.write(
        "plan.toml",
        PLAN
        + """
[bonuses.weekly]
kind = "direct"
calendar = "week"
base = "cv"
rate = "5%"
[limits.weekly]
scope = "payee"
bonuses = ["weekly"]
most = "1"
""",
    )
    assert main(folder.arguments()) == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("summary.json", '"2026-01"', "null", "None"),
        ("awards.csv", ",5.00,", ",much,", "awards.csv, line 3: “much” is no number"),
        ("awards.csv", "0.1,", "NaN,", "awards.csv, line 2: “NaN” is no number"),
    ],
)
def test_an_earlier_result_that_was_changed_is_refused_in_words(
    folder: Folder, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, said: str
) -> None:
    folder.write("plan.toml", PLAN + '[returns]\nlater_period = "reverse"\n')
    folder.write("volumes.csv", "".join(f"{line}\n" for line in REFUNDED))
    assert main(folder.arguments()) == 0
    earlier = folder.path / "out" / file
    text = earlier.read_text()
    assert old in text
    earlier.write_text(text.replace(old, new))
    arguments = folder.arguments("--prior", str(folder.path / "out"))
    arguments[arguments.index("2026-01")] = "2026-02"
    arguments[arguments.index("--out") + 1] = str(folder.path / "february")
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_frozen_file_with_any_byte_changed_is_refused_or_means_the_same(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(folder.arguments()) == 0
    frozen = (folder.path / "out/inputs.zip").read_bytes()
    paid = (folder.path / "out/awards.csv").read_bytes()
    changed = folder.path / "changed.zip"
    for place in range(0, len(frozen), 97):
        changed.write_bytes(frozen[:place] + bytes([frozen[place] ^ 90]) + frozen[place + 1 :])
        code = main(
            ["run", str(folder.path / "plan.toml"), "--snapshot", str(changed),
             "--out", str(folder.path / "again")]
        )  # fmt: skip
        assert code in (0, 2)
        if code == 0:
            assert (folder.path / "again/awards.csv").read_bytes() == paid
        else:
            assert "changed.zip" in capsys.readouterr().err


@pytest.mark.parametrize(
    "rate",
    ["1%", "1 if total(cv, subtree) > 0 else 0", "1 if total(cv, level(1)) > 0 else 0",
     "1 if company(cv) > 0 else 0", "1 if legs_beyond(cv, 1) > 0 else 0",
     "1 if legs_capped(cv, 900000000000000000) > 0 else 0"],
)  # fmt: skip
def test_a_sum_that_leaves_64_bits_is_an_error_and_never_a_wrong_number(
    folder: Folder, capsys: pytest.CaptureFixture[str], rate: str
) -> None:
    """12 times 9 * 10^17 is 1.08 * 10^19, and the largest number there is about 9.2 * 10^18."""
    plan = PLAN.replace('of = "line.cv"', 'of = "line.cv"\nplaces = 0')
    folder.write("plan.toml", plan.replace('"rates(level)"', f'"({rate}) * 0.01"'))
    names = [f"m{number:02}" for number in range(12)]
    below = "".join(f"{name},ada\n" for name in names)
    folder.write("members.csv", f"member,sponsor\nada,\n{below}")
    buyers = ["m00"] * 12 if rate == "1%" else names
    lines = (f"A{row},1,{name},self,2026-01-05,1,9{17 * '0'}\n" for row, name in enumerate(buyers))
    folder.write("volumes.csv", HEADINGS + "".join(lines))
    assert main(folder.arguments()) == 2
    assert "too large" in capsys.readouterr().err


def test_a_refund_that_may_be_of_either_of_two_lines_is_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write(
        "volumes.csv",
        "order,line,member,buyer,date,pv,cv,refund_of\n"
        "a/b,1,ben,self,2026-01-05,9,9,\n"
        "a,b/1,ben,self,2026-01-05,5,5,\n"
        "r,1,ben,self,2026-01-06,-5,-5,a/b/1\n",
    )
    assert main(folder.arguments()) == 2
    assert "volumes.csv, line 4: a/b/1 may be either" in capsys.readouterr().err

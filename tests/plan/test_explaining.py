"""A member's result in sentences, word for word in both languages."""

import re
import string
from pathlib import Path

import pytest

import mlm_plugin.plan
from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.explaining import english, russian
from mlm_plugin.plan.explaining.texts import Texts
from tests.plan.test_command_line import Folder

PLAN = """
[plan]
id = "small"
title = "Small plan"
currency = "EUR"
[trees.sponsor]
parent = "sponsor"
[volumes.pv]
of = "line.pv"
[volumes.cv]
of = "line.cv"
[statuses.active]
when = "pv >= 50"
[metrics.group]
value = "total(pv, subtree)"
[ladders.rank]
ranks = [
    {name = "star", requires = ["pv >= 50"]},
    {name = "gold", requires = ["pv >= 50", "group >= 2000"]},
]
[tables.rates]
by = "rank"
rows = {star = ["10%"], gold = ["10%", "5%"]}
[bonuses.team]
title = "Team bonus"
kind = "unilevel"
base = "cv"
levels = 2
rate = "rates(rank, level)"
payee = "active"
[bonuses.own]
kind = "direct"
base = "cv"
rate = "1%"
[limits.month]
scope = "payee"
most = "100"
"""
MEMBERS = "member,sponsor\nada,\nben,ada\ncleo,ben\ndora,cleo\n"
# Ben earns 10 % of Cleo's 1,000.50 = 100.05 and 1 % of his own 60 = 0.60: 100.65, of which the limit
# leaves 100.00. Largest remainder: 100.05 × 100 / 100.65 = 99.4039, 0.60 × 100 / 100.65 = 0.5961,
# so 99.40 and 0.60. Cleo has 1 % of 1,000.50, 10.005, half up 10.01. Ben's level 2 on Dora's 200
# would be 10.00 for a gold.
VOLUMES = (
    "order,line,member,buyer,date,pv,cv\n"
    "B1,1,ben,self,2026-01-02,60,60\n"
    "C1,1,cleo,self,2026-01-05,30,900.50\n"
    "C1,2,cleo,retail,2026-01-05,10,100\n"
    "D1,1,dora,self,2026-01-31,200,200\n"
)
BEN_IN_ENGLISH = """\
ben in 2026-01 (1 January 2026 to 31 January 2026), plan Small plan

Earned: 100.00 EUR
  Team bonus: 99.40 EUR
    99.40 EUR: 10% of 1,000.5 from cleo, level 1, lowered by the limit “month”
      order C1, line 1 of 5 January 2026: 900.5 brings 89.46 EUR
      order C1, line 2 of 5 January 2026: 100 brings 9.94 EUR
  own: 0.60 EUR
    0.60 EUR: 1% of 60, own volume
      order B1, line 1 of 2 January 2026: 60 brings 0.60 EUR

Not paid
  Team bonus: 2 times, 10.65 EUR in all
    0.65 EUR on 1,000.5 from cleo, level 1: taken off by the limit “month”
    10.00 EUR on 200 from dora, level 2: the rank was too low, “gold” is needed for this

Ranks
  rank: star
    met: pv >= 50, is 60
  next: gold
    met: pv >= 50, is 60
    missing: group >= 2000, is 300, 1,700 short
"""
CLEO_IN_RUSSIAN = """\
cleo за 2026-01 (с 1 января 2026 по 31 января 2026), план Small plan

Начислено: 10,01 EUR
  own: 10,01 EUR
    10,01 EUR: 1\u00a0% от 1\u00a0000,5, собственный объём
      заказ C1, строка 1 от 5 января 2026: 900,5 дают 9,01 EUR
      заказ C1, строка 2 от 5 января 2026: 100 дают 1,00 EUR

Не выплачено
  Team bonus: 1 раз, всего 0,00 EUR
    0,00 EUR с 200, объём участника dora, уровень 1: не выполнено «active» (pv: 40, нужно 50)

Ранги
  rank: ранга нет
  следующий: star
    не хватает: pv >= 50, есть 40, ещё 10
"""
BEN_IN_RUSSIAN = """\
ben за 2026-01 (с 1 января 2026 по 31 января 2026), план Small plan

Начислено: 100,00 EUR
  Team bonus: 99,40 EUR
    99,40 EUR: 10\u00a0% от 1\u00a0000,5, объём участника cleo, уровень 1, уменьшено лимитом «month»
      заказ C1, строка 1 от 5 января 2026: 900,5 дают 89,46 EUR
      заказ C1, строка 2 от 5 января 2026: 100 дают 9,94 EUR
  own: 0,60 EUR
    0,60 EUR: 1\u00a0% от 60, собственный объём
      заказ B1, строка 1 от 2 января 2026: 60 дают 0,60 EUR

Не выплачено
  Team bonus: 2 раза, всего 10,65 EUR
    0,65 EUR с 1\u00a0000,5, объём участника cleo, уровень 1: снято лимитом «month»
    10,00 EUR с 200, объём участника dora, уровень 2: ранг слишком низкий, для этого нужен «gold»

Ранги
  rank: star
    выполнено: pv >= 50, есть 60
  следующий: gold
    выполнено: pv >= 50, есть 60
    не хватает: group >= 2000, есть 300, ещё 1\u00a0700
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A result in `out`."""
    folder = Folder(tmp_path)
    for name, text in (("plan.toml", PLAN), ("members.csv", MEMBERS), ("volumes.csv", VOLUMES)):
        folder.write(name, text)
    assert main(folder.arguments()) == 0
    return folder


def explain(folder: Folder, *arguments: str) -> int:
    """The command on the result."""
    return main(["explain", str(folder.path / "out"), *arguments])


@pytest.mark.parametrize(
    ("member", "language", "text"),
    [("ben", "en", BEN_IN_ENGLISH), ("ben", "ru", BEN_IN_RUSSIAN), ("cleo", "ru", CLEO_IN_RUSSIAN)],
)
def test_a_members_result_word_for_word(
    folder: Folder, capsys: pytest.CaptureFixture[str], member: str, language: str, text: str
) -> None:
    assert explain(folder, "--member", member, "--lang", language) == 0
    assert capsys.readouterr().out == text


def test_long_lists_are_cut_with_the_number_and_sum_of_the_rest(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """25 lines of 1.00 at 1 %: twenty are listed, five more bring 0.05."""
    rows = "".join(f"A{number:02d},1,ada,self,2026-01-02,1,1\n" for number in range(25))
    folder.write("volumes.csv", VOLUMES + rows)
    assert main(folder.arguments()) == 0
    assert explain(folder, "--member", "ada", "--lang", "ru") == 0
    shown = capsys.readouterr().out
    assert shown.count("заказ A") == 20
    assert "и ещё 5 строк, всего 0,05 EUR" in shown
    assert explain(folder, "--member", "ada", "--all") == 0
    assert capsys.readouterr().out.count("order A") == 25


def test_an_unknown_member_and_a_changed_result_are_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(folder, "--member", "eve") == 2
    assert "there is no member eve" in capsys.readouterr().err
    summary = folder.path / "out" / "summary.json"
    text = re.sub(r'("results": ")\w', r"\1z", summary.read_text())
    summary.write_text(text)
    assert explain(folder, "--member", "ben") == 2
    assert "its inputs give another result now" in capsys.readouterr().err


def test_both_languages_say_the_same_with_the_same_figures() -> None:
    assert english.TEXTS.keys() == russian.TEXTS.keys()
    for key, text in english.TEXTS.items():
        ours, theirs = (_figures(each[key]) for each in (english.TEXTS, russian.TEXTS))
        assert ours == theirs, key
        forms = (2, 3) if isinstance(text, tuple) else (None, None)
        found = russian.TEXTS[key]
        assert (len(text) if isinstance(text, tuple) else None) == forms[0]
        assert (len(found) if isinstance(found, tuple) else None) == forms[1]


def _figures(text: str | tuple[str, ...]) -> set[str]:
    forms = (text,) if isinstance(text, str) else text
    named = [{name for _text, name, *_rest in string.Formatter().parse(form) if name}
             for form in forms]  # fmt: skip
    assert all(each == named[0] for each in named)
    return named[0]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 раз"), (2, "2 раза"), (5, "5 раз"), (11, "11 раз"), (21, "21 раз"), (24, "24 раза"),
        (112, "112 раз"), (1003, "1\u00a0003 раза"),
    ],
)  # fmt: skip
def test_russian_counts_in_three_forms(count: int, said: str) -> None:
    texts = Texts(language="ru", currency="EUR", places=2)
    assert texts.say("skipped_bonus", bonus="x", count=count, amount="0") == f"x: {said}, всего 0"


def test_a_peg_is_shown_beside_the_base(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """1 % of Dora's 200 at 0.85 is 1.70."""
    text = (
        (folder.path / "plan.toml").read_text().replace('rate = "1%"', 'rate = "1%"\npeg = "0.85"')
    )
    folder.write("plan.toml", text)
    assert main(folder.arguments()) == 0
    assert explain(folder, "--member", "dora") == 0
    assert "1.70 EUR: 1% of 200 × 0.85, own volume" in capsys.readouterr().out


def test_a_rank_that_was_given_says_why(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    members = MEMBERS.replace("sponsor\n", "sponsor,forced_rank,forced_reason\n").replace(
        "dora,cleo\n", "dora,cleo,gold,by contract\n"
    )
    rows = [line + "," * (3 - line.count(",")) for line in members.splitlines()]
    folder.write("members.csv", "\n".join(rows) + "\n")
    assert main(folder.arguments()) == 0
    assert explain(folder, "--member", "dora") == 0
    shown = capsys.readouterr().out
    assert "  rank: gold\n" in shown
    assert "    given, not reached: “gold” (by contract)\n" in shown
    assert "  the highest rank is held\n" in shown


def test_every_reason_of_the_engine_has_its_words() -> None:
    package = Path(mlm_plugin.plan.__file__).parent
    source = "\n".join(path.read_text() for path in package.rglob("*.py"))
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', source)) - {"paid"}
    assert {"no_rate", "limit", "rank_too_low"} <= codes
    known = {key.partition(".")[2] for key in english.TEXTS if key.startswith(("why.", "changed."))}
    assert codes <= known

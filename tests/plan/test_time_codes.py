"""Codes: given once, by pack or by turn, and kept whatever becomes of the tree."""

from pathlib import Path

from tests.plan.test_time_priors import Company

BY_PACK = """
[attributes.code]
kind = "number"
[volumes.cv]
of = "line.cv"
[codes.coder]
tree = "sponsor"
receiver = "payee.code >= source.code"
when = "cv > 0"
[bonuses.coded]
kind = "unilevel"
tree = "coder"
base = "cv"
levels = 1
rate = "10%"
"""


def members(ben: int, cleo: int, dora: int, *, below: str = "cleo") -> str:
    """Ada has code 3; each row says the sponsor and the code."""
    return f"member,sponsor,code\nada,,3\nben,ada,{ben}\ncleo,ben,{cleo}\ndora,{below},{dora}\n"


def test_a_member_is_coded_to_the_first_upline_with_his_pack_for_life(tmp_path: Path) -> None:
    """Dora's pack 2 passes Cleo (1) and Ben (1): Ada has 10.00. In February Ben has code 2 as well
    and Dora hangs below him, and Ada still has it."""
    company = Company(tmp_path, BY_PACK)
    company.write("members.csv", members(1, 1, 2))
    assert company.run("2026-01", ["A1,1,dora,self,2026-01-15,100,100"]) == 0
    assert company.totals("2026-01") == {("ada", "coded"): "10.00"}
    carried = [row for row in company.rows("2026-01", "carry.csv") if row["kind"] == "code"]
    assert [(row["member"], row["name"], row["value"]) for row in carried] == [
        ("dora", "coder", "ada")
    ]
    company.write("members.csv", members(2, 1, 2, below="ben"))
    assert company.run("2026-02", ["A2,1,dora,self,2026-02-15,100,100"], prior=["2026-01"]) == 0
    assert company.totals("2026-02") == {("ada", "coded"): "10.00"}


def test_who_has_not_bought_yet_is_coded_when_he_does(tmp_path: Path) -> None:
    company = Company(tmp_path, BY_PACK)
    company.write("members.csv", members(1, 1, 2))
    assert company.run("2026-01") == 0
    company.write("members.csv", members(2, 1, 2))
    assert company.run("2026-02", ["A2,1,dora,self,2026-02-15,100,100"], prior=["2026-01"]) == 0
    assert company.totals("2026-02") == {("ben", "coded"): "10.00"}


def test_an_enrolling_bonus_goes_to_the_enroller_who_is_not_the_sponsor(tmp_path: Path) -> None:
    """Cleo's first month of 100: Ada enrolled her and Ben is her sponsor: Ada has 20.00. Ben's own
    enroller is his sponsor, who has nothing for it; and Cleo's second month brings nothing."""
    company = Company(
        tmp_path,
        """
[trees.enroller]
parent = "enroller"
[volumes.first_month]
of = "line.cv"
where = "months_between(member.joined, line.date) == 0"
[bonuses.enrolling]
kind = "unilevel"
tree = "enroller"
base = "first_month"
levels = 1
rate = "20%"
payee = "source.enroller != source.sponsor"
""",
    )
    company.write(
        "members.csv",
        "member,sponsor,enroller,joined\nada,,,2025-01-01\nben,ada,ada,2026-01-05\n"
        "cleo,ben,ada,2026-01-20\n",
    )
    for period in ("2026-01", "2026-02"):
        lines = [f"{who}{period},1,{who},self,{period}-25,100,100" for who in ("ben", "cleo")]
        assert company.run(period, lines) == 0
    assert company.totals("2026-01") == {("ada", "enrolling"): "20.00"}
    assert company.totals("2026-02") == {}

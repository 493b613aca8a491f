"""A match on what is paid once, when the goods behind it come back. Sums by hand.

Ada sponsors Ben, who buys for 300 in January and is paid 300.00 for it in three months; Ada has a
tenth of what he earns.
"""

from pathlib import Path

from tests.plan.test_time_priors import Company

PLAN = """
[volumes.cv]
of = "line.cv"
[bonuses.start]
kind = "one_time"
when = "cv >= 300"
amount = "300"
instalments = 3
rests_on = "cv"
[bonuses.match]
kind = "matching"
of = ["start"]
generations = 1
rate = "10%"
[returns]
later_period = "reverse"
"""
SOLD = "A1,1,ben,self,2026-01-10,300,300,"


class Returning(Company):
    """Ben returns goods, month by month."""

    headings = "order,line,member,buyer,date,pv,cv,refund_of\n"

    def __init__(self, path: Path) -> None:
        super().__init__(path, PLAN)
        self.done: list[str] = []
        self.lines = [SOLD]

    def month(self, name: str, returned: int = 0) -> list[tuple[str, str, str]]:
        """Payee, amount and reason of each award of a month."""
        if returned:
            self.lines.append(
                f"R{name},1,ben,self,2026-{name}-05,-{returned},-{returned},A1/1"
            )  # fmt: skip
        assert self.run(f"2026-{name}", self.lines, prior=self.done) == 0
        self.done.append(f"2026-{name}")
        rows = self.rows(f"2026-{name}", "awards.csv")
        return sorted((row["payee"], row["amount"], row["reason"]) for row in rows)


def test_what_comes_off_instalments_to_be_paid_was_not_matched(tmp_path: Path) -> None:
    """A third comes back in February: the last 100.00 are not paid, and nothing is taken back."""
    company = Returning(tmp_path)
    assert company.month("01") == [("ada", "10.00", "paid"), ("ben", "100.00", "instalment:1/3")]
    assert len(company.month("02", returned=100)) == 2
    assert company.month("03") == []


def test_a_match_on_instalments_that_were_paid_is_taken_back(tmp_path: Path) -> None:
    """A half comes back in April: all 300.00 were paid, 150.00 are taken back of Ben, and of Ada a tenth
    of January's 100 and of 50 of February's. The rest in May takes the other 15.00: all is gone."""
    company = Returning(tmp_path)
    for month in ("01", "02", "03"):
        company.month(month)
    assert company.month("04", returned=150) == [
        ("ada", "-10.00", "returned:2026-01"), ("ada", "-5.00", "returned:2026-02"),
        ("ben", "-150.00", "returned:2026-01"),
    ]  # fmt: skip
    assert company.month("05", returned=150) == [
        ("ada", "-10.00", "returned:2026-03"), ("ada", "-5.00", "returned:2026-02"),
        ("ben", "-150.00", "returned:2026-01"),
    ]  # fmt: skip


def test_a_match_of_the_very_month_is_taken_back_with_the_instalment(tmp_path: Path) -> None:
    """Everything comes back in February: January's and February's 100.00, and Ada's 10.00 on each."""
    company = Returning(tmp_path)
    company.month("01")
    found = company.month("02", returned=300)
    assert [row for row in found if row[2].startswith("returned")] == [
        ("ada", "-10.00", "returned:2026-01"), ("ada", "-10.00", "returned:2026-02"),
        ("ben", "-200.00", "returned:2026-01"),
    ]  # fmt: skip
    assert company.month("03") == []

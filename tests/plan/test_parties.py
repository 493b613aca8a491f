"""What hosts have besides their credit: items at a lower price, bookings; and returns of a party.

Ada sells at parties, Ben and Cleo are hosts, guests buy. Sums by hand.
"""

from pathlib import Path

import pytest

from mlm_plugin.plan.__main__ import main
from mlm_plugin.plan.document import PlanError
from mlm_plugin.plan.plans import load_plan
from tests.plan.networks import HEAD, SPONSOR
from tests.plan.test_time_priors import Company

PLAN = """
[volumes.cv]
of = "line.cv"
[volumes.offers]
of = "line.amount"
where = "line.offer == 'yes'"
[tables.tiers]
steps = [[100, "10%"], [300, "20%"]]
[tables.item_tiers]
steps = [[100, 1], [300, 2]]
[bonuses.host]
kind = "party"
base = "cv"
host = "host"
buyers = 2
rate = "tiers(base)"
items = "item_tiers(base)"
item_price = "offers"
booked_by = "booked_by"
booking = "15 if base >= 200 else 0"
[returns]
later_period = "reverse"
"""
FIRST = [
    "P1a,1,ada,retail,2026-01-05,0,150,150,g1,P1,ben,,,",
    "P1b,1,ada,retail,2026-01-05,0,200,200,g2,P1,ben,,,",
]
SECOND = [
    "P2a,1,ada,retail,2026-01-20,0,120,120,g1,P2,cleo,ben,,",
    "P2b,1,ada,retail,2026-01-20,0,90,90,g3,P2,cleo,ben,,",
]


def offer(line: str, price: int, party: str, host: str) -> str:
    """An item that a host may want at half its price; it brings no commission."""
    return f"{line},{host},self,2026-01-21,0,0,{price},,{party},{host},,yes,"


class Parties(Company):
    """A company that sells at parties."""

    headings = (
        "order,line,member,buyer,date,pv,cv,amount,customer,party,host,booked_by,offer,refund_of\n"
    )

    def awards(self, period: str) -> list[tuple[str, ...]]:
        """Payee, level, base, rate, amount and reason of each award."""
        names = ("payee", "level", "base", "rate", "amount", "reason")
        return [tuple(row[name] for name in names) for row in self.rows(period, "awards.csv")]


def test_a_host_may_buy_as_many_items_at_half_their_price_as_the_subtotal_allows(
    tmp_path: Path,
) -> None:
    """350 allow two items: of 80, 50 and 60 the dearest two, 140, half of which is 70.00. Cleo's party
    of 210 allows one: half of 30. An item that names no party is nobody's."""
    items = [offer("I1,1", 80, "P1", "ben"), offer("I1,2", 50, "P1", "ben"),
             offer("I1,3", 60, "P1", "ben"), offer("I2,1", 30, "P2", "cleo"),
             offer("I3,1", 500, "", "cleo")]  # fmt: skip
    company = Parties(tmp_path, PLAN.replace("15 if base >= 200 else 0", "0"))
    assert company.run("2026-01", [*FIRST, *SECOND, *items]) == 0
    assert company.awards("2026-01") == [
        ("ben", "0", "350", "0.2", "70.00", "paid"),
        ("ben", "1", "140", "0.5", "70.00", "lower_price"),
        ("cleo", "0", "210", "0.1", "21.00", "paid"),
        ("cleo", "1", "30", "0.5", "15.00", "lower_price"),
    ]


def test_a_host_is_told_of_items_beyond_and_of_parties_booked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [offer(f"I1,{number}", price, "P1", "ben") for number, price in enumerate((80, 50, 60))]
    company = Parties(tmp_path, PLAN)
    assert company.run("2026-01", [*FIRST, *SECOND, *items]) == 0
    for language, said in (
        ("en", ["15.00 EUR: for a party held by ada, which was booked at a party of one's own",
                "more items than the host may buy at a lower price", "for items at a lower price"]),
        ("ru", ["за вечеринку продавца ada, о которой договорились", "больше товаров",
                "за товары по сниженной цене"]),
    ):  # fmt: skip
        arguments = ["explain", str(tmp_path / "2026-01"), "--member", "ben", "--lang", language]
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert [each for each in said if each not in text] == []


HOSTS_ALONE = (
    PLAN.replace("[tables.tiers]", """[volumes.specials]
of = "line.amount"
where = "line.offer == 'host'"
[tables.tiers]""").replace('booked_by =', """exclusive = "1 if base >= 300 else 0"
exclusive_price = "specials"
exclusive_rate = "60%"
booked_by =""")
)  # fmt: skip


def test_items_that_are_not_credited_have_one_reason_each(tmp_path: Path) -> None:
    """Ben's second item is one too many, what Ada bought is for hosts alone: 24.00 and 54.00."""
    items = [offer("S1,1", 50, "P1", "ben"), offer("S1,2", 40, "P1", "ben"),
             offer("S2,1", 90, "P1", "ben").replace("S2,1,ben", "S2,1,ada")]  # fmt: skip
    company = Parties(tmp_path, HOSTS_ALONE)
    lines = [*FIRST, *(each.replace(",yes,", ",host,") for each in items)]
    volumes = company.write(
        "volumes.csv", company.headings + "".join(f"{each}\n" for each in lines)
    )
    arguments = ["run", str(tmp_path / "plan.toml"), "--members", str(tmp_path / "members.csv"),
                 "--volumes", str(volumes), "--period", "2026-01", "--out", str(tmp_path / "2026-01"),
                 "--skips"]  # fmt: skip
    assert main(arguments) == 0
    skipped = [row for row in company.rows("2026-01", "skips.csv") if row["level"] == "3"]
    assert sorted((row["base"], row["reason"].partition(":")[0]) for row in skipped) == [
        ("40", "too_many_items"), ("90", "not_host"),
    ]  # fmt: skip


def test_items_for_hosts_alone_are_credited_to_the_host_and_to_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """350 allow Ben one: 60 % of 50. Ada, who bought one for 90 in his name, is not the host; a second
    one, for 40, is one too many. Cleo's 210 allow none."""
    items = [offer("S1,1", 50, "P1", "ben"), offer("S1,2", 40, "P1", "ben"),
             offer("S2,1", 90, "P1", "ben").replace("S2,1,ben", "S2,1,ada"),
             offer("S3,1", 30, "P2", "cleo")]  # fmt: skip
    company = Parties(tmp_path, HOSTS_ALONE)
    lines = [*FIRST, *SECOND, *(each.replace(",yes,", ",host,") for each in items)]
    assert company.run("2026-01", lines) == 0
    assert [row for row in company.awards("2026-01") if row[1] == "3"] == [
        ("ben", "3", "50", "0.6", "30.00", "for_hosts")
    ]
    for language, said in (
        ("en", ["for items that are for hosts alone", "the buyer of these items is not the host",
                "more items than the host may buy"]),
        ("ru", ["за товары, доступные только хозяевам", "покупатель этих товаров не хозяин"]),
    ):  # fmt: skip
        arguments = ["explain", str(tmp_path / "2026-01"), "--member", "ben", "--lang", language]
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert [each for each in said if each not in text] == []


def test_a_booked_party_brings_something_to_whom_it_was_booked_with(tmp_path: Path) -> None:
    """Cleo's party, booked at Ben's, has 210 and two guests: 15.00 for Ben. One of 190 would not do, nor
    one with a single guest."""
    company = Parties(tmp_path, PLAN)
    assert company.run("2026-01", SECOND) == 0
    assert company.totals("2026-01") == {("ben", "host"): "15.00", ("cleo", "host"): "21.00"}
    assert company.run("2026-01", [SECOND[0], SECOND[1].replace("90,90", "70,70")]) == 0
    assert company.totals("2026-01") == {("cleo", "host"): "19.00"}
    assert company.run("2026-01", [SECOND[0], SECOND[1].replace("g3", "g1")]) == 0
    assert company.totals("2026-01") == {}


def test_who_booked_a_party_must_be_a_member(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company = Parties(tmp_path, PLAN)
    assert company.run("2026-01", [line.replace(",ben,", ",zoe,") for line in SECOND]) == 2
    assert "names the member who booked it “zoe”, who is no member" in capsys.readouterr().err


def test_a_return_lowers_the_credit_of_its_own_host_alone(tmp_path: Path) -> None:
    """35 of Ben's 350 come back, a tenth: 7.00 of 70.00. Cleo keeps her 21.00, Ben his booking."""
    company = Parties(tmp_path, PLAN)
    lines = [*FIRST, *SECOND, "P9,1,ada,self,2026-01-06,0,500,500,,,,,,"]
    assert company.run("2026-01", lines) == 0
    back = "R1,1,ada,retail,2026-02-05,0,-35,-35,g1,P1,ben,,,P1a/1"
    other = "R2,1,ada,self,2026-02-05,0,-500,-500,,,,,,P9/1"
    assert company.run("2026-02", [*lines, back, other], prior=["2026-01"]) == 0
    assert company.awards("2026-02") == [("ben", "0", "-35", "0.2", "-7.00", "returned:2026-01")]


@pytest.mark.parametrize("places", [2, 4])
def test_items_that_come_back_lose_their_credit_as_far_as_no_other_takes_their_place(
    tmp_path: Path, places: int
) -> None:
    """Of 80, 60 and 50 the dearest two were credited, 140. The one of 80 comes back in February: of 60
    and 50, 110 are left, and a half of 30 is taken back. The one of 60 in March leaves 50: a half of 60."""
    items = [offer("I1,1", 80, "P1", "ben"), offer("I1,2", 50, "P1", "ben"),
             offer("I1,3", 60, "P1", "ben"), offer("I2,1", 30, "P2", "cleo")]  # fmt: skip
    counted = PLAN.replace('of = "line.amount"', f'of = "line.amount"\nplaces = {places}')
    company = Parties(tmp_path, counted)
    lines = [*FIRST, *SECOND, *items]
    assert company.run("2026-01", lines) == 0
    lines.append("R1,1,ben,self,2026-02-05,0,0,-80,,P1,ben,,yes,I1/1")
    assert company.run("2026-02", lines, prior=["2026-01"]) == 0
    assert company.awards("2026-02") == [("ben", "1", "-30", "0.5", "-15.00", "returned:2026-01")]
    lines.append("R2,1,ben,self,2026-03-05,0,0,-60,,P1,ben,,yes,I1/3")
    assert company.run("2026-03", lines, prior=["2026-01", "2026-02"]) == 0
    assert company.awards("2026-03") == [("ben", "1", "-60", "0.5", "-30.00", "returned:2026-01")]


def test_an_item_that_was_not_credited_comes_back_without_a_loss(tmp_path: Path) -> None:
    items = [offer(f"I1,{number}", price, "P1", "ben") for number, price in enumerate((80, 50, 60))]
    company = Parties(tmp_path, PLAN)
    assert company.run("2026-01", [*FIRST, *items]) == 0
    back = "R1,1,ben,self,2026-02-05,0,0,-50,,P1,ben,,yes,I1/1"
    assert company.run("2026-02", [*FIRST, *items, back], prior=["2026-01"]) == 0
    assert company.awards("2026-02") == []


def test_an_item_for_hosts_alone_that_comes_back_loses_its_credit(tmp_path: Path) -> None:
    """Ben's 50 at 60 %; what Ada bought in his name was not credited."""
    items = [
        offer("S1,1", 50, "P1", "ben"),
        offer("S2,1", 90, "P1", "ben").replace("2,1,ben", "2,1,ada"),
    ]
    lines = [*FIRST, *(each.replace(",yes,", ",host,") for each in items)]
    company = Parties(tmp_path, HOSTS_ALONE)
    assert company.run("2026-01", lines) == 0
    lines += ["R1,1,ben,self,2026-02-05,0,0,-50,,P1,ben,,host,S1/1",
              "R2,1,ada,self,2026-02-05,0,0,-90,,P1,ben,,host,S2/1"]  # fmt: skip
    assert company.run("2026-02", lines, prior=["2026-01"]) == 0
    assert company.awards("2026-02") == [("ben", "3", "-50", "0.6", "-30.00", "returned:2026-01")]


def test_a_booking_is_taken_back_in_the_part_of_its_party_that_comes_back(tmp_path: Path) -> None:
    """70 of the 210 of Cleo's party, a third: 7.00 of her 21.00, and 5.00 of Ben's 15.00."""
    company = Parties(tmp_path, PLAN)
    lines = [*FIRST, *SECOND]
    assert company.run("2026-01", lines) == 0
    lines.append("R1,1,ada,retail,2026-02-05,0,-70,-70,g1,P2,cleo,ben,,P2a/1")
    assert company.run("2026-02", lines, prior=["2026-01"]) == 0
    assert company.awards("2026-02") == [
        ("ben", "2", "-70", "1", "-5.00", "returned:2026-01"),
        ("cleo", "0", "-70", "0.1", "-7.00", "returned:2026-01"),
    ]


def test_a_return_to_a_seller_who_is_the_host_lowers_the_credit(tmp_path: Path) -> None:
    company = Parties(tmp_path, PLAN.replace('host = "host"\n', ""))
    assert company.run("2026-01", FIRST) == 0
    assert company.totals("2026-01") == {("ada", "host"): "70.00"}
    back = "R1,1,ada,retail,2026-02-05,0,-35,-35,g1,P1,ben,,,P1a/1"
    assert company.run("2026-02", [*FIRST, back], prior=["2026-01"]) == 0
    assert company.totals("2026-02") == {("ada", "host"): "-7.00"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('item_price = "offers"\n', "", "“items” says how many, “item_price” which"),
        ('booked_by = "booked_by"\n', "", "“booked_by” says who, “booking” how much"),
        (
            '"offers"\nbooked',
            '"moon"\nbooked',
            "bonuses.host.item_price: there is no volume “moon”",
        ),
    ],
)
def test_what_belongs_together_is_asked_for(old: str, new: str, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        load_plan(HEAD + SPONSOR + PLAN.replace(old, new))

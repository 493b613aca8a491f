"""A simulation as one HTML page that needs nothing else: tables, and charts as drawings.

It takes the reader's own colours (light or dark), so that it looks right wherever it is opened.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

WIDTH, BAR, GAP, LABELS = 640, 18, 8, 170
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; }
dt { font-size: .85rem; opacity: .75; } dd { margin: 0; font-size: 1.4rem; font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; text-align: right; border-bottom: 1px solid; }
th:first-child, td:first-child { text-align: left; }
svg { width: 100%; height: auto; margin-top: 1rem; }
svg rect { fill: LinkText; opacity: .7; }
svg text { fill: CanvasText; font: 12px system-ui, sans-serif; }
@media print { body { margin: 0; } h2 { break-after: avoid; } svg, table { break-inside: avoid; } }
"""


def make_page(report: dict[str, Any]) -> str:
    """The page of a report as `simulate` returns it."""
    title = f"Simulation of {report['plan']}"
    body = [f"<h1>{escape(title)}</h1>", _about(report)]
    body += _plan(report["result"], report["currency"])
    if "against" in report:
        body += _comparison(report)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        "<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _about(report: dict[str, Any]) -> str:
    source = report["network"]
    return (
        f"<p>{escape(source)}; {report['periods']} periods from {escape(report['first'])}. "
        "Sums run over all periods; incomes count everybody, those without any too.</p>"
    )


def _plan(result: dict[str, Any], currency: str) -> list[str]:
    money = _Money(result["places"], currency)
    figures = [
        ("Members", f"{result['members']:,}"),
        ("Sales", money(result["sales"])),
        ("Bought by customers", percent(result["customer_share_of_sales"])),
        ("Paid", money(result["paid"])),
        ("Payout ratio", percent(result["payout_ratio"])),
        ("Earned on customers' purchases", percent(result["share_earned_on_customers"])),
        ("Without any income", percent(result["share_without_income"])),
        ("At least earn what they spend", percent(result["break_even"]["share"])),
        ("Share of the top 1 %", percent(result["top_1_percent_share"])),
        ("Gini coefficient", f"{result['gini']:.3f}"),
    ]
    listed = "".join(f"<div><dt>{escape(a)}</dt><dd>{escape(b)}</dd></div>" for a, b in figures)
    ratios = result["payout_ratio_by_bonus"]
    parts = [
        f"<dl>{listed}</dl>",
        "<h2>Payout ratio by bonus</h2>",
        bars([(name, share, percent(share)) for name, share in ratios.items()]),
        "<h2>Payout ratio by period</h2>",
        bars(
            [
                (each["period"], each["payout_ratio"], percent(each["payout_ratio"]))
                for each in result["periods"]
            ]
        ),
        "<h2>Income of all members</h2>",
        table(
            ["so many percent have at most", "income"],
            [[f"{name} %", money(value)] for name, value in result["percentiles"].items()],
        ),
        bars([(f"to {money(high)}", count, f"{count:,}") for _low, high, count in result["bars"]]),
    ]
    for ladder, rows in result["ranks"].items():
        parts.append(f"<h2>Ranks of {escape(ladder)}</h2>")
        parts.append(
            table(
                ["rank", "members", "earners", "income", "median", "share of pay", "payout ratio"],
                [
                    [
                        row["rank"],
                        f"{row['members']:,}",
                        f"{row['earners']:,}",
                        money(row["income"]),
                        money(row["median"]),
                        percent(row["share"]),
                        percent(row["payout_ratio"]),
                    ]
                    for row in rows
                ],
            )
        )
    return parts


def _comparison(report: dict[str, Any]) -> list[str]:
    against = report["against"]
    change = against["change"]
    money = _Money(against["result"]["places"], report["currency"])
    parts = [
        f"<h2>Against {escape(against['plan'])}</h2>",
        f"<p>{change['losers']:,} members would get less ({money(change['lost'])} together), "
        f"{change['winners']:,} more ({money(change['won'])}), {change['same']:,} the same. "
        f"The payout ratio changes by {100 * change['change_of_payout_ratio']:+.2f} points.</p>",
    ]
    for ladder, rows in change["ranks"].items():
        parts.append(
            table(
                [f"rank of {ladder} now", "members", "get less", "change"],
                [
                    [row["rank"], f"{row['members']:,}", f"{row['losers']:,}", money(row["change"])]
                    for row in rows
                ],
            )
        )
    return [
        *parts,
        f"<h1>The plan {escape(against['plan'])}</h1>",
        *_plan(against["result"], report["currency"]),
    ]


class _Money:
    """Writes amounts of the smallest unit."""

    def __init__(self, places: int, currency: str) -> None:
        self.places, self.currency = places, currency

    def __call__(self, amount: int) -> str:
        return f"{amount / 10**self.places:,.{self.places}f} {self.currency}"


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.2f} %"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that scrolls inside its own box where it is too wide."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell) or 'none'}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def bars(rows: Sequence[tuple[str, float, str]]) -> str:
    """A bar per row: what it is called, how long it is, what is written beside it."""
    most = max((length for _name, length, _text in rows), default=0) or 1
    room = WIDTH - LABELS - 90
    lines = []
    for number, (name, length, text) in enumerate(rows):
        top = number * (BAR + GAP)
        long = round(max(0, length) / most * room, 1)
        lines.append(
            f'<text x="{LABELS - 8}" y="{top + 13}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LABELS}" y="{top}" width="{long}" height="{BAR}" rx="2"/>'
            f'<text x="{LABELS + long + 6}" y="{top + 13}">{escape(text)}</text>'
        )
    height = max(1, len(rows)) * (BAR + GAP)
    said = escape("; ".join(f"{name}: {text}" for name, _length, text in rows))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{said}">{"".join(lines)}</svg>'
    )

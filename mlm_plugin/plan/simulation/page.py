"""A simulation as one HTML page that needs nothing else: tables, and charts as drawings.

It takes the reader's own colours (light or dark), so that it looks right wherever it is opened.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from mlm_plugin.plan.simulation.words import Page

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


def make_page(report: dict[str, Any], *, language: str = "en") -> str:
    """The page of a report as `simulate` returns it, in a language of the explanations."""
    words = Page(language=language, currency=report["currency"])
    title = words.say("title", plan=report["plan"])
    body = [f"<h1>{escape(title)}</h1>", f"<p>{escape(_about(report, words))}</p>"]
    body += _plan(report["result"], words)
    if "against" in report:
        body += _comparison(report, words)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        "<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _about(report: dict[str, Any], words: Page) -> str:
    network = report["source"]
    told = words.say(
        network["kind"], members=words.number(network["members"]), seed=network["seed"]
    )
    return words.say("about", network=told, periods=report["periods"], first=report["first"])


def _plan(result: dict[str, Any], words: Page) -> list[str]:
    percent = words.percent

    def money(amount: float) -> str:
        return words.money(amount, result["places"])

    figures = [
        ("members", words.number(result["members"])),
        ("sales", money(result["sales"])),
        ("customers", percent(result["customer_share_of_sales"])),
        ("paid", money(result["paid"])),
        ("ratio", percent(result["payout_ratio"])),
        ("on_customers", percent(result["share_earned_on_customers"])),
        ("without", percent(result["share_without_income"])),
        ("break_even", percent(result["break_even"]["share"])),
        ("top", percent(result["top_1_percent_share"])),
        ("gini", words.fraction(result["gini"], 3)),
    ]
    listed = "".join(
        f"<div><dt>{escape(words.say(key))}</dt><dd>{escape(said)}</dd></div>"
        for key, said in figures
    )
    by_bonus = result["payout_ratio_by_bonus"].items()
    by_period = [(each["period"], each["payout_ratio"]) for each in result["periods"]]
    parts = [
        f"<dl>{listed}</dl>",
        _heading(words.say("by_bonus")),
        bars([(name, share, percent(share)) for name, share in by_bonus]),
        _heading(words.say("by_period")),
        bars([(name, share, percent(share)) for name, share in by_period]),
        _heading(words.say("income_of_all")),
        table(
            [words.say("percentile"), words.say("income")],
            [
                [f"{name}\N{NO-BREAK SPACE}%", money(value)]
                for name, value in result["percentiles"].items()
            ],
        ),
        bars(
            [
                (words.say("to", amount=money(high)), count, words.number(count))
                for _low, high, count in result["bars"]
            ]
        ),
    ]
    for ladder, rows in result["ranks"].items():
        parts.append(_heading(words.say("ranks_of", ladder=ladder)))
        headings = (
            "rank",
            "column_members",
            "earners",
            "income",
            "median",
            "share",
            "column_ratio",
        )
        parts.append(
            table(
                [words.say(key) for key in headings],
                [
                    [
                        row["rank"] or words.say("none"),
                        words.number(row["members"]),
                        words.number(row["earners"]),
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


def _comparison(report: dict[str, Any], words: Page) -> list[str]:
    against = report["against"]
    change, places = against["change"], against["result"]["places"]
    told = words.say(
        "change", losers=words.number(change["losers"]), lost=words.money(change["lost"], places),
        winners=words.number(change["winners"]), won=words.money(change["won"], places),
        same=words.number(change["same"]),
        points=words.fraction(100 * change["change_of_payout_ratio"], 2, signed=True),
    )  # fmt: skip
    parts = [_heading(words.say("against", plan=against["plan"])), f"<p>{escape(told)}</p>"]
    for ladder, rows in change["ranks"].items():
        headings = [words.say("rank_now", ladder=ladder)]
        headings += [words.say(key) for key in ("column_members", "get_less", "column_change")]
        parts.append(
            table(
                headings,
                [
                    [row["rank"] or words.say("none"), words.number(row["members"]),
                     words.number(row["losers"]), words.money(row["change"], places)]
                    for row in rows
                ],
            )
        )  # fmt: skip
    return [
        *parts,
        f"<h1>{escape(words.say('the_plan', plan=against['plan']))}</h1>",
        *_plan(against["result"], words),
    ]


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that scrolls inside its own box where it is too wide."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
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

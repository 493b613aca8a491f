"""`{% bar_chart … %}` and `{% line_chart … %}`: small charts with their numbers as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from theme.charts import draw_bars, draw_lines

register = template.Library()


@register.inclusion_tag("components/chart_bars.html")
def bar_chart(
    *, name: str, title: str, points: Sequence[Mapping[str, Any]], with_table: bool = True
) -> dict[str, Any]:
    """Bars of `points`: `label`, `value` (a number), `shown` (as people read it), and if wished
    `short`, the label below the bar, and `chosen` for the bar that says its figure (else the last).
    `name` is the chart's id on the page. A page that has a fuller table leaves the chart's out."""
    chosen = [place for place, point in enumerate(points) if point.get("chosen")]
    chart = draw_bars(
        labels=[point.get("short") or point["label"] for point in points],
        values=[point["value"] for point in points],
        shown=[point["shown"] for point in points],
        chosen=chosen[0] if chosen else None,
    )
    return {
        "name": name,
        "with_table": with_table,
        "title": title,
        "chart": chart,
        "pairs": list(zip(chart.bars, points, strict=True)),
        "points": points,
    }


@register.inclusion_tag("components/chart_lines.html")
def line_chart(
    *, name: str, title: str, labels: Sequence[str], series: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Up to four lines over `labels`: `name`, `values` (numbers), `shown` (as people read them)."""
    chart = draw_lines(
        labels=labels,
        series=[(line["name"], line["values"], line["shown"][-1]) for line in series],
    )
    rows = [
        (label, [line["shown"][place] for line in series]) for place, label in enumerate(labels)
    ]
    return {"name": name, "title": title, "chart": chart, "series": series, "rows": rows}

"""The twelve months as bars."""

from datetime import date

from django.template import engines

from mlm_plugin.cabinet.chart import list_bars
from mlm_plugin.volumes.selectors import PeriodPoints
from theme.charts import HEIGHT, draw_bars

MONTHS = [date(2026, month, 1) for month in range(1, 13)]


def bars_of(*amounts, chosen=MONTHS[0]):
    history = [
        PeriodPoints(period=month, group_pv=amount)
        for month, amount in zip(MONTHS, amounts, strict=False)
    ]
    return list_bars(history=history, chosen=chosen)


def draw(*values, chosen=None):
    words = [str(value) for value in values]
    return draw_bars(labels=words, values=values, shown=words, chosen=chosen)


def test_months_say_themselves_in_words_and_one_is_chosen():
    first, second = bars_of(50_00, 1234_50, chosen=MONTHS[1])
    assert (first["label"], first["short"], first["shown"]) == ("January 2026", "Jan", "50 PV")
    assert second["shown"] == "1,234.50 PV"
    assert [first["chosen"], second["chosen"]] == [False, True]


def test_a_history_without_points_has_nothing_to_draw():
    assert bars_of(0, 0, -5) == ()
    assert bars_of(0, 1)


def test_the_cabinet_draws_with_the_parts_of_the_theme():
    page = engines["django"].from_string(
        '{% load charts %}{% bar_chart name="months" title="Year" points=bars with_table=False %}'
    )
    html = page.render({"bars": bars_of(100, 200, chosen=MONTHS[0])})
    assert html.count("<rect") == 2 and "<details" not in html
    assert html.count('class="chart-value"') == 1 and ">1 PV<" in html


def test_bars_are_as_tall_as_the_share_of_the_best_month():
    chart = draw(50_00, 100_00, 25_00)
    assert [bar.height for bar in chart.bars] == [HEIGHT // 2, HEIGHT, HEIGHT // 4]
    assert all(bar.y + bar.height == HEIGHT for bar in chart.bars)


def test_a_little_is_seen_and_less_than_nothing_is_flat():
    assert [bar.height for bar in draw(1, 1_000_000, 0, -500).bars] == [2, HEIGHT, 0, 0]


def test_bars_stay_inside_the_drawing_and_the_chosen_one_is_marked():
    chart = draw(*[100] * 12, chosen=0)
    assert all(bar.x >= 0 and bar.x + bar.width <= chart.width for bar in chart.bars)
    assert [bar.is_chosen for bar in chart.bars] == [True] + [False] * 11


def test_a_figure_stands_above_the_taller_bar_beside_it():
    last = draw(0, 0, 0, 1000, 500).bars[-1]
    assert (last.y, last.figure_y) == (50, 0)

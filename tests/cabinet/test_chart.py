"""The twelve months as bars."""

from datetime import date

from mlm_plugin.cabinet.chart import HEIGHT, draw_history
from mlm_plugin.volumes.selectors import PeriodPoints

MONTHS = [date(2026, month, 1) for month in range(1, 13)]


def draw(*amounts):
    history = [
        PeriodPoints(period=month, group_pv=amount)
        for month, amount in zip(MONTHS, amounts, strict=False)
    ]
    return draw_history(history=history, chosen=MONTHS[0])


def test_bars_are_as_tall_as_the_share_of_the_best_month():
    chart = draw(50_00, 100_00, 25_00)
    assert [bar.height for bar in chart.bars] == [HEIGHT // 2, HEIGHT, HEIGHT // 4]
    assert all(bar.y + bar.height == HEIGHT for bar in chart.bars)


def test_a_little_is_seen_and_less_than_nothing_is_flat():
    assert [bar.height for bar in draw(1, 1_000_000, 0, -500).bars] == [2, HEIGHT, 0, 0]


def test_a_history_without_points_has_nothing_to_draw():
    assert draw(0, 0, -5).is_empty
    assert not draw(0, 1).is_empty


def test_bars_stay_inside_the_drawing_and_one_is_chosen():
    chart = draw(*[100] * 12)
    assert all(bar.x >= 0 and bar.x + bar.width <= chart.width for bar in chart.bars)
    assert [bar.chosen for bar in chart.bars] == [True] + [False] * 11


def test_a_figure_stands_above_the_taller_bar_beside_it() -> None:
    history = [
        PeriodPoints(period=date(2026, month, 1), group_pv=pv)
        for month, pv in enumerate((0, 0, 0, 1000, 500), start=1)
    ]

    last = draw_history(history=history, chosen=date(2026, 5, 1)).bars[-1]

    assert (last.y, last.figure_y) == (50, 0)

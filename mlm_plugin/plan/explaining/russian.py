"""Russian sentences. A text with three forms is chosen by number: 1 раз, 2 раза, 5 раз."""

TEXTS: dict[str, str | tuple[str, ...]] = {
    "title": "{member} за {period} (с {first} по {last}), план {plan}",
    "earned": "Начислено: {amount}",
    "earned_nothing": "Начислено: ничего",
    "not_paid": "Не выплачено",
    "nothing_skipped": "Пропусков нет.",
    "payout": "Выплата",
    "ranks": "Ранги",
    "no_rank": "ранга нет",
    "bonus": "{bonus}: {amount}",
    "skipped_bonus": (
        "{bonus}: {count} раз, всего {amount}",
        "{bonus}: {count} раза, всего {amount}",
        "{bonus}: {count} раз, всего {amount}",
    ),
    "more": (
        "и ещё {count} строка, всего {amount}",
        "и ещё {count} строки, всего {amount}",
        "и ещё {count} строк, всего {amount}",
    ),
    "award.unilevel": "{amount}: {rate} от {base}, объём участника {source}, уровень {level}",
    "award.direct": "{amount}: {rate} от {base}, собственный объём",
    "award.differential": (
        "{amount}: разница {rate} с {base}, объём участника {source}, уровень {level}"
    ),
    "award.differential.own": "{amount}: {rate} от {base}, собственный объём",
    "award.generation": "{amount}: {rate} от {base}, объём участника {source}, поколение {level}",
    "award.infinity": "{amount}: {rate} от {base}, объём участника {source}, глубина {level}",
    "award.matching": "{amount}: {rate} от {base}, доход участника {source}, поколение {level}",
    "award.pool": "{amount}: {share} из {shares} долей фонда",
    "award.one_time": "{amount}: выплачивается один раз",
    "award.binary": "{amount}: {rate} от {base}, совпавших в двух ветвях",
    "award.binary.cycles": (
        "{amount}: {count} цикл по {rate}",
        "{amount}: {count} цикла по {rate}",
        "{amount}: {count} циклов по {rate}",
    ),
    "award.guarantee": "{amount}: {rate} от {base}, группа участника {source}",
    "award.pay_legs": "{amount}: {rate} от {base} в оплачиваемых ветвях",
    "award.completion": "{amount}: заполнен уровень {level} матрицы",
    "award.board": "{amount}: стол заполнен покупкой участника {source}",
    "award.party": "{amount}: {rate} от {base}, вечеринка продавца {source}",
    "award.party.booking": "{amount}: за вечеринку продавца {source}",
    "award.points": "{amount}: потрачено баллов: {base}",
    "award.allowance": "{amount}: фиксированная сумма за период",
    "award.guarantee.handed_on": "{amount}: от участника {source}",
    "award.other": "{amount}: {rate} от {base}, объём участника {source}, уровень {level}",
    "changed.limit": "уменьшено лимитом «{about}»",
    "changed.guard": "уменьшено правилом защиты «{about}»",
    "changed.grace": "ещё выплачивается в льготный срок",
    "changed.cap": "уменьшено до предела этого бонуса",
    "changed.instalment": "часть {about}",
    "changed.returned": "удержано: возвращён товар за {about}",
    "changed.passed_up": "передано снизу",
    "changed.guarantee_given": "остаток после гарантии вышестоящему",
    "changed.lower_price": "за товары по сниженной цене",
    "changed.for_hosts": "за товары, доступные только хозяевам",
    "changed.booking": "о которой договорились на собственной вечеринке",
    "changed.first_pair": "за первую пару",
    "changed.inside_blocker": "последние уровни, внутри ветви равного по положению",
    "changed.other": "{code} {about}",
    "line": "заказ {order}, строка {line} от {date}: {base} дают {amount}",
    "order": "заказ {order} от {date}: {base} дают {amount}",
    "leg": "ветвь {level}: {new} новых, {carried} перенесено с прошлого, {left} перенесено дальше",
    "lot": "перенесено из периода по {date}: {amount}",
    "volume_line": "заказ {order}, строка {line} от {date}: {base}, участник {member}",
    "skip": "{amount} с {base}, объём участника {source}, уровень {level}: {reason}",
    "skip.own": "{amount} с {base}: {reason}",
    "why.inactive": "не выполнено «{about}»",
    "why.not_qualified": "не выполнено «{about}»",
    "why.condition": "не выполнено условие {about}",
    "why.below_threshold": "не достигнуто {about}",
    "why.rank_too_low": "ранг слишком низкий, для этого нужен «{about}»",
    "why.compressed": "участник пропущен, уровень не израсходован, потому что {because}",
    "why.no_rate": "для этого нет ставки",
    "why.blocked": "ниже по структуре уже получили {about}, это не меньше",
    "why.cap": "сверх предела этого бонуса",
    "why.limit": "снято лимитом «{about}»",
    "why.guard": "не допускает правило защиты «{about}»",
    "why.no_leg_balance": "в другой ветви не с чем сопоставить",
    "why.no_sale": "за этим не стоит проданный товар",
    "why.rounds_to_nothing": "меньше наименьшей денежной единицы",
    "why.paid_before": "уже выплачено раньше",
    "why.no_volume": "не было объёма",
    "why.too_few_buyers": "слишком мало покупателей",
    "why.too_many_items": "больше товаров, чем хозяйка может купить по сниженной цене",
    "why.not_host": "покупатель этих товаров не хозяин вечеринки",
    "why.reported": "это доход от покупателей, здесь он только показан",
    "why.too_few_points": "столько баллов для оплаты не было",
    "why.expired": "баллы не потрачены в срок",
    "why.passed_up": "передано вышестоящему",
    "why.guarantee_given": "отдано вышестоящему как его гарантия",
    "why.returned": "товар возвращён",
    "why.other": "{code} {about}",
    "is_needed": "{name}: {value}, нужно {threshold}",
    "rank": "{ladder}: {rank}",
    "rank.forced": "присвоен, а не достигнут: «{rank}»",
    "rank.kept": "сохранён с прошлого периода: «{rank}»",
    "rank.career": "наивысший за всё время: {rank}",
    "rank.next": "следующий: {rank}",
    "rank.top": "достигнут высший ранг",
    "met": "выполнено: {requirement}",
    "met.figures": "выполнено: {requirement}, есть {value}",
    "missing": "не хватает: {requirement}",
    "missing.figures": "не хватает: {requirement}, есть {value}",
    "missing.by": "не хватает: {requirement}, есть {value}, ещё {missing}",
    "payout.balance_before": "перенесено с прошлого: {amount}",
    "payout.earned": "начислено: {amount}",
    "payout.held": "удержано до конца срока возврата: {amount}",
    "payout.released": "освобождено из удержанного: {amount}",
    "payout.deduction": "{name}: {amount}",
    "payout.paid": "выплачено: {amount}",
    "payout.claimed": "предъявлено к возврату, так как участие прекращено: {amount}",
    "payout.balance": "перенесено дальше: {amount}",
}


def form_of(count: int) -> int:
    """Which form of a text goes with a number."""
    if count % 10 == 1 and count % 100 != 11:
        return 0
    return 1 if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14 else 2


def write_number(text: str) -> str:
    """A plain decimal with spaces between groups of three digits and a comma: 1 234,50."""
    sign = "\N{MINUS SIGN}" if text.startswith("-") else ""
    whole, dot, rest = text.removeprefix("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{sign}{grouped}{dot and ','}{rest}"


def write_percent(text: str) -> str:
    """A number of hundredths: 5 %."""
    return f"{write_number(text)}\N{NO-BREAK SPACE}%"


def write_date(year: int, month: int, day: int) -> str:
    """A day: 31 января 2026."""
    return f"{day} {MONTHS[month - 1]} {year}"


MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
    "октября", "ноября", "декабря",
)  # fmt: skip

"""How each product is used, and how it is kept: by SKU, in English and Russian."""

# SKU: how to use (English, Russian), care and storage (English, Russian).
HANDLING: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "care-hand-soap": (
        (
            "One press on wet hands, foam, rinse. Fill the bottle again from the large size.",
            "Одно нажатие на влажные руки, вспенить, смыть. Флакон можно наполнять снова.",
        ),
        (
            "Keep it above 8 degrees; colder, it turns cloudy and clears again in the warm.",
            "Хранить при температуре выше 8 градусов: на холоде мыло мутнеет, в тепле проясняется.",
        ),
    ),
    "care-hand-cream": (
        (
            "A pea of cream after washing, and a little more at night.",
            "Горошина крема после мытья рук и чуть больше на ночь.",
        ),
        ("Nine months after opening.", "Девять месяцев после вскрытия."),
    ),
    "care-almond-oil": (
        (
            "A few drops on skin that is still damp from the shower.",
            "Несколько капель на кожу, ещё влажную после душа.",
        ),
        ("Away from light; best within six months.", "Беречь от света; шесть месяцев."),
    ),
    "care-calendula-balm": (
        (
            "Thinly on dry places, as often as it does you good.",
            "Тонким слоем на сухие места, так часто, как приятно.",
        ),
        (
            "Keeps for a year. Take it out with dry hands: water spoils it.",
            "Хранится год. Брать сухими руками: вода портит бальзам.",
        ),
    ),
    "care-salt-soap": (
        (
            "For hands and body; it foams in hard water too.",
            "Для рук и тела, мылится и в жёсткой воде.",
        ),
        ("Let it dry between two washes.", "Дайте мылу высохнуть до следующего мытья."),
    ),
    "care-rosemary-shampoo": (
        (
            "Spread a hazelnut of it in wet hair, leave it for a minute, rinse.",
            "Распределить каплю по мокрым волосам, через минуту смыть.",
        ),
        ("Twelve months after opening.", "Двенадцать месяцев после вскрытия."),
    ),
    "care-day-cream": (
        ("In the morning on a clean face and neck.", "Утром на чистую кожу лица и шеи."),
        (
            "Six months after opening, lid closed.",
            "Шесть месяцев после вскрытия, закрывать крышку.",
        ),
    ),
    "kitchen-linden-tea": (
        (
            "Two teaspoons to a cup, 95 degrees, eight minutes.",
            "Две чайные ложки на чашку, 95 градусов, восемь минут.",
        ),
        ("Dry, dark and closed.", "В сухом тёмном месте, закрытым."),
    ),
    "kitchen-linden-honey": (
        ("On bread, in tea that is no longer hot.", "На хлеб или в чай, который уже не горячий."),
        (
            "At room temperature. Honey sets: in warm water (40 degrees) it runs again.",
            "При комнатной температуре. Мёд густеет, в тёплой воде (40 градусов) снова течёт.",
        ),
    ),
    "kitchen-tea-towels": (
        (
            "Wash once before the first use: then they drink.",
            "Постирайте до первого использования: тогда они впитывают.",
        ),
        ("60 degrees, no softener.", "60 градусов, без кондиционера."),
    ),
    "kitchen-board": (
        ("One side for bread, the other for onions.", "Одна сторона для хлеба, другая для лука."),
        (
            "Wash by hand, dry upright, oil it twice a year.",
            "Мыть вручную, сушить стоя, дважды в год смазывать маслом.",
        ),
    ),
    "kitchen-dish-brush": (
        (
            "For plates and pans without a coating that scratches.",
            "Для тарелок и сковород без нежного покрытия.",
        ),
        (
            "Let it dry hanging. A new head clicks in.",
            "Сушить подвешенной. Новая головка защёлкивается.",
        ),
    ),
    "kitchen-herb-salt": (
        ("At the end of cooking, or at the table.", "В конце готовки или за столом."),
        ("Dry and closed.", "В сухом месте, закрытой."),
    ),
    "home-candle": (
        (
            "Let it burn until the whole surface is liquid: then it burns evenly.",
            "Дайте свече гореть, пока не расплавится вся поверхность: так она горит ровно.",
        ),
        (
            "Trim the wick to five millimetres. Never leave it alone.",
            "Подрезать фитиль до пяти миллиметров. Не оставлять без присмотра.",
        ),
    ),
    "home-laundry": (
        (
            "30 ml for a full drum, 40 ml in hard water.",
            "30 мл на полный барабан, 40 мл в жёсткой воде.",
        ),
        ("Keep it closed and away from children.", "Хранить закрытым, вдали от детей."),
    ),
    "home-linen-towel": (
        (
            "Ready to use; it grows softer with every wash.",
            "Можно пользоваться сразу; с каждой стиркой мягче.",
        ),
        (
            "60 degrees, tumble dry low, no softener.",
            "60 градусов, бережная сушка, без кондиционера.",
        ),
    ),
    "home-diffuser": (
        (
            "All sticks for a large room, three for a small one.",
            "Все палочки для большой комнаты, три для маленькой.",
        ),
        (
            "Turn the sticks once a week. Not on varnished wood.",
            "Раз в неделю переворачивать палочки. Не ставить на лак.",
        ),
    ),
    "home-cleaning-tablets": (
        (
            "One tablet in 500 ml of lukewarm water; wait five minutes.",
            "Одна таблетка на 500 мл тёплой воды; подождать пять минут.",
        ),
        ("Not on marble. Keep the tin dry.", "Не для мрамора. Хранить банку в сухом месте."),
    ),
    "home-wardrobe-sachets": (
        ("Between woollens, or on the hanger.", "Между шерстяными вещами или на вешалку."),
        (
            "Knead them once a month; new filling after a year.",
            "Раз в месяц разминать; через год наполнить заново.",
        ),
    ),
    "sleep-pillowcase": (
        ("Wash once before the first night.", "Постирайте перед первой ночью."),
        ("60 degrees, no ironing needed.", "60 градусов, гладить не нужно."),
    ),
    "sleep-pillow-spray": (
        (
            "Two puffs, ten minutes before the light goes out.",
            "Два нажатия за десять минут до сна.",
        ),
        ("Not on silk. Away from the sun.", "Не для шёлка. Беречь от солнца."),
    ),
    "sleep-evening-tea": (
        (
            "One spoon to a cup, boiling water, seven minutes.",
            "Ложка на чашку, кипяток, семь минут.",
        ),
        ("Dry, dark and closed.", "В сухом тёмном месте, закрытым."),
    ),
    "sleep-wool-blanket": (
        ("Over the knees, or to sleep under.", "Укрыть колени или спать под ним."),
        (
            "Air it often; wash it rarely, by hand and cool.",
            "Чаще проветривать; стирать редко, вручную, в прохладной воде.",
        ),
    ),
    "sleep-mask": (
        ("The wide side goes over the nose.", "Широкой стороной к носу."),
        ("By hand, dry it lying flat.", "Ручная стирка, сушить на плоскости."),
    ),
    "movement-cork-mat": (
        ("Cork side up; damp hands grip best.", "Пробкой вверх; влажные ладони держатся лучше."),
        (
            "Wipe it damp, roll it with the cork outside.",
            "Протирать влажной тканью, сворачивать пробкой наружу.",
        ),
    ),
    "movement-arnica-balm": (
        ("Rub it in before or after a walk.", "Втирать до или после прогулки."),
        (
            "For unbroken skin only. Keeps for a year.",
            "Только для неповреждённой кожи. Хранится год.",
        ),
    ),
    "movement-flask": (
        ("For cold drinks, also with bubbles.", "Для холодных напитков, в том числе с газом."),
        (
            "By hand or in the dishwasher, without the lid.",
            "Вручную или в посудомоечной машине, без крышки.",
        ),
    ),
    "movement-massage-ball": (
        ("Two minutes for each foot, slowly.", "По две минуты на каждую стопу, не спеша."),
        ("Wipe them; no soaking.", "Протирать; не замачивать."),
    ),
    "movement-bath-salt": (
        (
            "Two handfuls for a tub of 37 degrees, twenty minutes.",
            "Две горсти на ванну 37 градусов, двадцать минут.",
        ),
        ("Keep it dry and closed.", "Хранить в сухом месте, закрытой."),
    ),
}

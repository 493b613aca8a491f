"""Movement: for a walk, a stretch and the minutes after."""

from storefront.demo.products.item import item, size

SLUG = "movement"
NAMES = {"en": "Movement", "ru": "Движение"}
ABOUT = {
    "en": "For a walk, a stretch and the minutes after.",
    "ru": "Для прогулки, растяжки и минут после них.",
}

ITEMS = (
    item(
        "movement-cork-mat",
        (
            "Cork exercise mat",
            "Cork on natural rubber: it grips better the warmer the hands get, and it does not smell"
            " of plastic. A cotton strap to carry it is included.",
            "Material: cork from Portugal, natural rubber, cotton.",
            "183 × 61 cm, 4 mm, 2.1 kg. Wipe with a damp cloth.",
        ),
        (
            "Пробковый коврик для занятий",
            "Пробка на натуральном каучуке: чем теплее ладони, тем лучше сцепление, и никакого"
            " запаха пластика. Хлопковый ремень для переноски в комплекте.",
            "Материал: пробка из Португалии, натуральный каучук, хлопок.",
            "183 × 61 см, 4 мм, 2,1 кг. Протирать влажной тканью.",
        ),
        ("roll", "clay", "#c79a6b", "#7a5634"),
        size("183 × 61 cm", "69.00", "62.00", "53.00", pv="37.00", cv="29.60", stock=45),
    ),
    item(
        "movement-arnica-balm",
        (
            "Arnica balm",
            "A firm balm for calves and shoulders after a long day. Arnica blossoms are steeped in"
            " sunflower oil; rosemary and mountain pine give a clear smell.",
            "Ingredients: sunflower oil with arnica blossoms, beeswax, rosemary oil, mountain pine"
            " oil.",
            "For unbroken skin only.",
        ),
        (
            "Бальзам с арникой",
            "Плотный бальзам для икр и плеч после долгого дня. Цветы арники настаиваются в"
            " подсолнечном масле, розмарин и горная сосна дают чистый запах.",
            "Состав: подсолнечное масло с цветами арники, пчелиный воск, масло розмарина, масло"
            " горной сосны.",
            "Только для неповреждённой кожи.",
        ),
        ("tin", "leaf", "#6f8f5a", "#2c6a3b"),
        size("60 ml", "14.90", "13.40", "11.40", pv="8.00", cv="6.40", stock=120),
        size("120 ml", "23.90", "21.50", "18.30", pv="13.00", cv="10.40", stock=70),
    ),
    item(
        "movement-flask",
        (
            "Steel drinking bottle",
            "One wall of stainless steel, one lid, one seal that can be bought again. Fits most bag"
            " pockets and cup holders.",
            "Material: stainless steel 18/8, beech, silicone.",
            "Not insulated: cold drinks will mist the outside.",
        ),
        (
            "Стальная бутылка для воды",
            "Одна стенка из нержавеющей стали, одна крышка и одна прокладка, которую можно купить"
            " отдельно. Помещается в большинство карманов и подстаканников.",
            "Материал: нержавеющая сталь 18/8, бук, силикон.",
            "Без термоизоляции: с холодным напитком стенки запотеют.",
        ),
        ("flask", "mist", "#aebbbd", "#23607c"),
        size("500 ml", "19.90", "17.90", "15.30", pv="10.50", cv="8.40", stock=130),
        size("750 ml", "23.90", "21.50", "18.40", pv="12.50", cv="10.00", stock=100),
    ),
    item(
        "movement-massage-ball",
        (
            "Cork massage ball, pair",
            "Two balls for feet, back and forearms: roll them between yourself and the floor or the"
            " wall. Firm, warm to the touch and silent.",
            "Material: cork from Portugal.",
            "6.5 cm across. A card with five exercises is in the box.",
        ),
        (
            "Пробковые мячи для массажа, пара",
            "Два мяча для стоп, спины и предплечий: катайте их между собой и полом или стеной."
            " Плотные, тёплые на ощупь и бесшумные.",
            "Материал: пробка из Португалии.",
            "Диаметр 6,5 см. В коробке карточка с пятью упражнениями.",
        ),
        ("balls", "apricot", "#c79a6b", "#7a5634"),
        size("6.5 cm", "16.50", "14.80", "12.60", pv="9.00", cv="7.20", stock=85),
    ),
    item(
        "movement-bath-salt",
        (
            "Mountain pine bath salt",
            "Coarse salt with oil of mountain pine for a warm bath after a cold walk. Two handfuls"
            " for a tub, one for a foot bath.",
            "Ingredients: sea salt, mountain pine oil, spruce needle oil.",
            "600 g in a paper pouch.",
        ),
        (
            "Соль для ванны с горной сосной",
            "Крупная соль с маслом горной сосны: для тёплой ванны после холодной прогулки. Две"
            " горсти на ванну, одна на ножную ванночку.",
            "Состав: морская соль, масло горной сосны, масло еловой хвои.",
            "600 г, в бумажном пакете.",
        ),
        ("pouch", "mist", "#b7cbc4", "#1f5a4c"),
        size("600 g", "13.50", "12.10", "10.30", pv="7.00", cv="5.60", stock=110),
    ),
)

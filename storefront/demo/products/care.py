"""Care: soap, creams and balms."""

from storefront.demo.products.item import item, size

SLUG = "care"
NAMES = {"en": "Care", "ru": "Уход"}
ABOUT = {
    "en": "Soap, creams and balms with short lists of ingredients.",
    "ru": "Мыло, кремы и бальзамы с коротким составом.",
}

ITEMS = (
    item(
        "care-hand-soap",
        (
            "Linden blossom hand soap",
            "A mild liquid soap for the basin and the kitchen sink. It foams softly, rinses off"
            " quickly and leaves the faint smell of linden trees in June. The pump bottle is meant"
            " to be filled again: the large size is cheaper by the millilitre.",
            "Ingredients: water, coconut and olive soap, glycerine, linden blossom extract, citric"
            " acid, salt.",
            "For all skin types, also for children from three years.",
            "Bottle of recycled glass, pump without metal.",
        ),
        (
            "Жидкое мыло с липовым цветом",
            "Мягкое жидкое мыло для ванной и кухни. Даёт нежную пену, легко смывается и оставляет"
            " едва заметный запах цветущей липы. Флакон с дозатором рассчитан на много наполнений:"
            " большой объём выгоднее.",
            "Состав: вода, кокосовое и оливковое мыло, глицерин, экстракт липового цвета, лимонная"
            " кислота, соль.",
            "Для любой кожи, детям с трёх лет.",
            "Флакон из переработанного стекла, дозатор без металла.",
        ),
        ("pump", "leaf", "#7d9a6d", "#2c6a3b"),
        size("250 ml", "12.90", "11.60", "9.90", pv="7.00", cv="5.60", stock=160),
        size("500 ml", "19.90", "17.90", "15.20", pv="11.00", cv="8.80", stock=90),
    ),
    item(
        "care-hand-cream",
        (
            "Oat and honey hand cream",
            "A rich cream for hands that work and are washed often. It sinks in within a minute and"
            " does not stick to keys or paper.",
            "Ingredients: water, oat oil, shea butter, beeswax, honey, glycerine, vitamin E.",
            "75 ml in an aluminium tube. Keeps for nine months after opening.",
        ),
        (
            "Крем для рук с овсом и мёдом",
            "Питательный крем для рук, которые много работают и которые часто моют. Впитывается за"
            " минуту и не оставляет следов на клавишах и бумаге.",
            "Состав: вода, овсяное масло, масло ши, пчелиный воск, мёд, глицерин, витамин Е.",
            "75 мл в алюминиевой тубе. После вскрытия хранится девять месяцев.",
        ),
        ("tube", "apricot", "#f3d9b8", "#b5622a"),
        size("75 ml", "9.50", "8.50", "7.20", pv="5.00", cv="4.00", stock=220),
    ),
    item(
        "care-almond-oil",
        (
            "Almond body oil",
            "Cold-pressed sweet almond oil with a little sunflower and nothing to perfume it. A few"
            " drops on damp skin after the shower are enough.",
            "Ingredients: sweet almond oil, sunflower oil, vitamin E.",
            "100 ml in a brown glass bottle with a dropper. May contain traces of nuts.",
        ),
        (
            "Миндальное масло для тела",
            "Масло сладкого миндаля холодного отжима с небольшой долей подсолнечного, без отдушек."
            " Достаточно нескольких капель на влажную кожу после душа.",
            "Состав: масло сладкого миндаля, подсолнечное масло, витамин Е.",
            "100 мл, флакон из тёмного стекла с пипеткой. Может содержать следы орехов.",
        ),
        ("dropper", "clay", "#8a5a34", "#5a3a20"),
        size("100 ml", "18.50", "16.60", "14.20", pv="10.00", cv="8.00", stock=110),
    ),
    item(
        "care-calendula-balm",
        (
            "Calendula balm",
            "The tin for the coat pocket: for dry lips, rough elbows and noses in February. The"
            " blossoms are steeped in olive oil for four weeks, then strained and thickened with"
            " wax.",
            "Ingredients: olive oil with calendula blossoms, beeswax, shea butter.",
            "Without water, so it needs no preservative.",
        ),
        (
            "Бальзам с календулой",
            "Баночка, которую удобно носить в кармане: для сухих губ, шершавых локтей и носа в"
            " феврале. Цветы четыре недели настаиваются в оливковом масле, затем масло"
            " процеживают и загущают воском.",
            "Состав: оливковое масло с цветами календулы, пчелиный воск, масло ши.",
            "Без воды, поэтому консерванты не нужны.",
        ),
        ("tin", "apricot", "#e2a45c", "#b5622a"),
        size("30 ml", "7.90", "7.10", "5.90", pv="4.00", cv="3.20", stock=180),
        size("60 ml", "12.50", "11.20", "9.40", pv="6.50", cv="5.20", stock=120),
    ),
    item(
        "care-salt-soap",
        (
            "Sea salt soap",
            "A firm bar with fine sea salt that makes a dense, creamy lather and lasts about two"
            " months at one basin. Cold-stirred and dried for six weeks.",
            "Ingredients: coconut soap, olive soap, sea salt, lavender oil.",
            "110 g in paper. Let it dry between two washes.",
        ),
        (
            "Мыло с морской солью",
            "Плотный брусок с мелкой морской солью: густая кремовая пена, хватает примерно на два"
            " месяца. Сварено холодным способом и выдержано шесть недель.",
            "Состав: кокосовое мыло, оливковое мыло, морская соль, масло лаванды.",
            "110 г, в бумаге. Между применениями мылу нужно высыхать.",
        ),
        ("soap", "mist", "#dfe6e4", "#23607c"),
        size("110 g", "6.90", "6.20", "5.20", pv="3.50", cv="2.80", stock=260),
    ),
    item(
        "care-rosemary-shampoo",
        (
            "Rosemary shampoo",
            "A clear shampoo for every day. Rosemary gives it its fresh smell; mild sugar"
            " surfactants wash without drying the scalp.",
            "Ingredients: water, sugar surfactants, glycerine, rosemary extract, nettle extract,"
            " citric acid.",
            "250 ml in a bottle of recycled plastic. Free of silicone.",
        ),
        (
            "Шампунь с розмарином",
            "Прозрачный шампунь на каждый день. Розмарин даёт свежий запах, а мягкие сахарные ПАВ"
            " моют, не пересушивая кожу головы.",
            "Состав: вода, сахарные ПАВ, глицерин, экстракт розмарина, экстракт крапивы, лимонная"
            " кислота.",
            "250 мл, флакон из переработанного пластика. Без силикона.",
        ),
        ("bottle", "leaf", "#4f7a5c", "#21522d"),
        size("250 ml", "13.90", "12.50", "10.60", pv="7.50", cv="6.00", stock=140),
    ),
    item(
        "care-day-cream",
        (
            "Linden day cream",
            "A light cream for face and neck, without perfume. It sits well under sunscreen and is"
            " made in small batches, so there is sometimes a short wait.",
            "Ingredients: water, jojoba oil, squalane from olives, glycerine, linden blossom water,"
            " cetyl alcohol.",
            "50 ml in a glass jar with a beech lid.",
        ),
        (
            "Дневной крем с липой",
            "Лёгкий крем для лица и шеи без отдушек. Хорошо ложится под солнцезащитное средство."
            " Мы делаем его небольшими партиями, поэтому иногда приходится немного подождать.",
            "Состав: вода, масло жожоба, сквалан из оливок, глицерин, липовая вода, цетиловый"
            " спирт.",
            "50 мл, стеклянная баночка с буковой крышкой.",
        ),
        ("jar", "mist", "#eef1ea", "#2c6a3b"),
        size("50 ml", "24.90", "22.40", "18.90", pv="14.00", cv="11.20", stock=0),
    ),
)

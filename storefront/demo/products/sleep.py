"""Sleep: linen, wool and quiet evenings."""

from storefront.demo.products.item import item, size

SLUG = "sleep"
NAMES = {"en": "Sleep", "ru": "Сон"}
ABOUT = {
    "en": "Linen, wool and a cup of something warm.",
    "ru": "Лён, шерсть и чашка чего-нибудь тёплого.",
}

ITEMS = (
    item(
        "sleep-pillowcase",
        (
            "Linen pillowcase",
            "Washed linen that is cool in July and warm in January. An envelope opening keeps the"
            " pillow in, without buttons to lie on.",
            "Material: 100% linen from France, woven in Lithuania.",
            "Wash at 60 degrees, no ironing needed.",
        ),
        (
            "Льняная наволочка",
            "Умягчённый лён: прохладный в июле и тёплый в январе. Запах-конверт держит подушку без"
            " пуговиц.",
            "Материал: 100 % французского льна, соткано в Литве.",
            "Стирка при 60 градусах, гладить не нужно.",
        ),
        ("folded", "mist", "#cdd9d8", "#23607c"),
        size("40 × 80 cm", "24.00", "21.60", "18.40", pv="13.00", cv="10.40", stock=100),
        size("50 × 70 cm", "25.00", "22.50", "19.20", pv="13.50", cv="10.80", stock=80),
        size("80 × 80 cm", "32.00", "28.80", "24.60", pv="17.00", cv="13.60", stock=70),
    ),
    item(
        "sleep-pillow-spray",
        (
            "Lavender pillow spray",
            "Two puffs on the pillow, ten minutes before the light goes out. True lavender from"
            " Drôme, lightened with orange blossom water.",
            "Ingredients: water, alcohol from wheat, lavender oil, orange blossom water.",
            "50 ml. Do not spray on silk.",
        ),
        (
            "Лавандовый спрей для подушки",
            "Два нажатия на подушку за десять минут до сна. Настоящая лаванда из Дрома, смягчённая"
            " водой апельсинового цвета.",
            "Состав: вода, пшеничный спирт, масло лаванды, вода апельсинового цвета.",
            "50 мл. Не распылять на шёлк.",
        ),
        ("spray", "lilac", "#9c8fb8", "#6f5b8c"),
        size("50 ml", "14.50", "13.00", "11.10", pv="8.00", cv="6.40", stock=130),
    ),
    item(
        "sleep-evening-tea",
        (
            "Evening tea",
            "Lemon balm, linden and a little lavender: a cup for the last half hour of the day, when"
            " the telephone is already in another room.",
            "Ingredients: lemon balm, linden blossoms, apple, lavender, all organic.",
            "60 g in a tin that can be filled again. Free of caffeine.",
        ),
        (
            "Вечерний чай",
            "Мелисса, липа и немного лаванды: чашка на последние полчаса дня, когда телефон уже"
            " лежит в другой комнате.",
            "Состав: мелисса, цветы липы, яблоко, лаванда, всё органическое.",
            "60 г, в жестяной банке, которую можно наполнять снова. Не содержит кофеина.",
        ),
        ("caddy", "lilac", "#5f6f8c", "#3f4c68"),
        size("60 g", "10.90", "9.80", "8.30", pv="6.00", cv="4.80", stock=160),
    ),
    item(
        "sleep-wool-blanket",
        (
            "Merino blanket",
            "A blanket to pull over the knees or to sleep under. Spun and woven in one mill, fringed"
            " by hand.",
            "Material: 100% merino wool, mulesing-free.",
            "130 × 180 cm, 900 g. Air it often, wash it rarely, by hand and cool.",
        ),
        (
            "Плед из мериноса",
            "Плед, чтобы укрыть колени или спать под ним. Пряжа и ткань с одной фабрики, бахрома"
            " сделана вручную.",
            "Материал: 100 % шерсти мериноса, без мьюлсинга.",
            "130 × 180 см, 900 г. Чаще проветривать, редко стирать вручную в прохладной воде.",
        ),
        ("blanket", "clay", "#b98f72", "#7a4f34"),
        size("130 × 180 cm", "119.00", "107.00", "92.00", pv="65.00", cv="52.00", stock=24),
    ),
    item(
        "sleep-mask",
        (
            "Linen sleep mask",
            "Two layers of linen with a soft wool filling, cut wide over the nose so that no light"
            " comes in from below.",
            "Material: linen, wool, cotton band with a flat buckle.",
            "One size. Wash by hand.",
        ),
        (
            "Маска для сна из льна",
            "Два слоя льна с мягким шерстяным наполнением, широкий вырез над носом не пропускает"
            " свет снизу.",
            "Материал: лён, шерсть, хлопковая лента с плоской пряжкой.",
            "Один размер. Ручная стирка.",
        ),
        ("mask", "lilac", "#8f93ad", "#5d6180"),
        size("—", "17.90", "16.10", "13.70", pv="9.50", cv="7.60", stock=90),
    ),
)

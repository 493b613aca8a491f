"""Home: to wash, to light, to dry."""

from storefront.demo.products.item import item, size

SLUG = "home"
NAMES = {"en": "Household", "ru": "Дом"}
ABOUT = {
    "en": "To wash, to light, to dry: things for rooms that are lived in.",
    "ru": "Стирать, зажигать, вытирать: вещи для комнат, в которых живут.",
}

ITEMS = (
    item(
        "home-candle",
        (
            "Rapeseed wax candle",
            "A calm flame in a glass that becomes a tumbler afterwards. Rapeseed wax burns slowly"
            " and cleanly; the smell is of cedar and linden wood, and it keeps in the background.",
            "Contents: rapeseed wax, cotton wick, cedar oil.",
            "190 g, burns for about 40 hours. Never leave it burning alone.",
        ),
        (
            "Свеча из рапсового воска",
            "Спокойное пламя в стакане, который потом послужит для питья. Рапсовый воск горит"
            " медленно и чисто, запах кедра и липового дерева остаётся фоном.",
            "Состав: рапсовый воск, хлопковый фитиль, масло кедра.",
            "190 г, горит около 40 часов. Не оставляйте горящую свечу без присмотра.",
        ),
        ("candle", "apricot", "#f4e6cf", "#b5622a"),
        size("190 g", "21.90", "19.70", "16.80", pv="12.00", cv="9.60", stock=120),
    ),
    item(
        "home-laundry",
        (
            "Laundry concentrate",
            "Thirty loads from one bottle, at 20 to 60 degrees. With plant-based soap and without"
            " brighteners, so linen keeps its colour.",
            "Ingredients: 15-30% non-ionic surfactants, 5-15% soap; enzymes, citric acid.",
            "900 ml. Keep away from children.",
        ),
        (
            "Концентрат для стирки",
            "Тридцать стирок из одной бутылки при 20–60 градусах. С растительным мылом и без"
            " оптических отбеливателей, поэтому лён сохраняет цвет.",
            "Состав: 15–30 % неионогенных ПАВ, 5–15 % мыла; энзимы, лимонная кислота.",
            "900 мл. Хранить в недоступном для детей месте.",
        ),
        ("canister", "mist", "#dfe8ee", "#23607c"),
        size(
            "900 ml", "14.90", "13.40", "11.40", pv="7.50", cv="6.00", stock=210, step=(4, "10.40")
        ),
    ),
    item(
        "home-linen-towel",
        (
            "Linen bath towel",
            "A waffle weave that takes up water at once and is dry again by the evening. It takes"
            " half the room of terry in cupboard and washing machine.",
            "Material: 100% linen, woven in Lithuania.",
            "Wash at 60 degrees. Tumble dry for the softest hand.",
        ),
        (
            "Льняное банное полотенце",
            "Вафельное плетение сразу впитывает воду и к вечеру снова сухое. В шкафу и в стиральной"
            " машине занимает вдвое меньше места, чем махровое.",
            "Материал: 100 % льна, соткано в Литве.",
            "Стирка при 60 градусах. После сушки в машине особенно мягкое.",
        ),
        ("stack", "leaf", "#dcd9c3", "#5a7a3a"),
        size("50 × 70 cm", "19.00", "17.10", "14.60", pv="10.00", cv="8.00", stock=140),
        size("70 × 140 cm", "39.00", "35.10", "30.00", pv="21.00", cv="16.80", stock=90),
        size("100 × 160 cm", "54.00", "48.60", "41.50", pv="29.00", cv="23.20", stock=50),
    ),
    item(
        "home-diffuser",
        (
            "Linden and cedar room scent",
            "Seven rattan sticks carry the scent into a room of up to twenty square metres for about"
            " eight weeks. Turn them once a week.",
            "Ingredients: plant-based carrier oil, cedar oil, linden blossom extract.",
            "100 ml. Keep out of the reach of children and animals.",
        ),
        (
            "Аромат для дома «Липа и кедр»",
            "Семь палочек из ротанга наполняют ароматом комнату до двадцати квадратных метров"
            " примерно на восемь недель. Переворачивайте их раз в неделю.",
            "Состав: растительное масло-основа, масло кедра, экстракт липового цвета.",
            "100 мл. Хранить в недоступном для детей и животных месте.",
        ),
        ("diffuser", "clay", "#a98a6a", "#5a3a20"),
        size("100 ml", "26.50", "23.80", "20.30", pv="14.00", cv="11.20", stock=75),
    ),
    item(
        "home-cleaning-tablets",
        (
            "Cleaning tablets for spray bottles",
            "One tablet and half a litre of tap water make a cleaner for kitchen, bath and glass."
            " Twelve tablets save twelve bottles.",
            "Ingredients: citric acid, soda, sugar surfactants, orange oil.",
            "12 tablets in a tin. Do not use on marble.",
        ),
        (
            "Таблетки для чистящего спрея",
            "Одна таблетка и пол-литра воды из-под крана дают средство для кухни, ванной и стёкол."
            " Двенадцать таблеток заменяют двенадцать бутылок.",
            "Состав: лимонная кислота, сода, сахарные ПАВ, апельсиновое масло.",
            "12 таблеток в жестяной банке. Не использовать на мраморе.",
        ),
        ("caddy", "mist", "#9db8b4", "#1f5a4c"),
        size("12 pieces", "12.90", "11.60", "9.90", pv="6.50", cv="5.20", stock=150),
    ),
    item(
        "home-wardrobe-sachets",
        (
            "Wardrobe sachets, set of three",
            "Small linen bags with lavender and cedar shavings, to hang between coats. Press them"
            " when the scent grows faint.",
            "Contents: lavender blossoms, cedar wood, linen.",
            "7 × 10 cm each, on a cotton ribbon.",
        ),
        (
            "Саше для шкафа, три штуки",
            "Небольшие льняные мешочки с лавандой и кедровой стружкой, которые вешают между пальто."
            " Сожмите их, когда запах ослабеет.",
            "Состав: цветы лаванды, древесина кедра, лён.",
            "По 7 × 10 см, на хлопковой ленте.",
        ),
        ("sachets", "lilac", "#d9cfe0", "#6f5b8c"),
        size("3 pieces", "13.90", "12.50", "10.60", pv="7.00", cv="5.60", stock=95),
    ),
)

# Offered to new members in joining; without points, and no demo customer orders it.
KITS = (
    item(
        "starter-kit",
        (
            "Starter kit for new members",
            "A folder with the catalogue, twelve samples and a linen bag to carry them in. Nobody needs"
            " it to become a member, and it brings points to nobody.",
            "Contents: catalogue, price list, twelve samples, linen bag.",
            "Whoever ends the membership within the cooling-off period gets all of its price back.",
        ),
        (
            "Стартовый набор дистрибьютора",
            "Папка с каталогом, двенадцать пробников и льняная сумка для них. Чтобы стать"
            " дистрибьютором, набор не нужен, и баллов за него никто не получает.",
            "Состав: каталог, прайс-лист, двенадцать пробников, льняная сумка.",
            "Кто прекратит членство в срок для отказа, получит назад всю стоимость набора.",
        ),
        ("folded", "apricot", "#e9d2b4", "#b5622a"),
        size("1", "24.00", "24.00", "24.00", pv="0", cv="0", stock=200),
    ),
)

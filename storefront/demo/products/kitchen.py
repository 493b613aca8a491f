"""Kitchen: tea, honey and honest tools."""

from storefront.demo.products.item import item, size

SLUG = "kitchen"
NAMES = {"en": "Kitchen", "ru": "Кухня"}
ABOUT = {
    "en": "Tea, honey and tools that stay in the drawer for decades.",
    "ru": "Чай, мёд и утварь, которая служит десятилетиями.",
}

ITEMS = (
    item(
        "kitchen-linden-tea",
        (
            "Linden blossom tea",
            "Whole blossoms, picked by hand in the first two weeks of July and dried in the shade."
            " The infusion is golden and tastes of honey and hay. Pour boiling water over two"
            " teaspoons and wait eight minutes.",
            "Ingredients: linden blossoms from certified organic cultivation.",
            "Free of caffeine.",
        ),
        (
            "Липовый чай",
            "Цельные соцветия, собранные вручную в первые две недели июля и высушенные в тени."
            " Настой золотистый, с нотами мёда и сена. Залейте две чайные ложки кипятком и"
            " подождите восемь минут.",
            "Состав: цветы липы, органическое земледелие.",
            "Не содержит кофеина.",
        ),
        ("pouch", "leaf", "#cfd8b4", "#2c6a3b"),
        size("50 g", "8.90", "8.00", "6.80", pv="4.50", cv="3.60", stock=200),
        size("100 g", "15.90", "14.30", "12.20", pv="8.50", cv="6.80", stock=120),
    ),
    item(
        "kitchen-linden-honey",
        (
            "Linden honey",
            "Light, minty and slow to crystallise. It comes from one beekeeper near Jelgava who"
            " moves her hives to the linden avenues in July.",
            "Contents: linden honey from Latvia, not heated above 38 degrees.",
            "Not for children under one year.",
        ),
        (
            "Липовый мёд",
            "Светлый, с мятной ноткой, медленно кристаллизуется. Его привозит пчеловод из-под"
            " Елгавы: в июле она переставляет ульи к липовым аллеям.",
            "Состав: липовый мёд из Латвии, нагрет не выше 38 градусов.",
            "Не давать детям до одного года.",
        ),
        ("honey", "apricot", "#e0a03a", "#8a5a14"),
        size("250 g", "9.90", "8.90", "7.60", pv="5.00", cv="4.00", stock=130),
        size("500 g", "16.90", "15.20", "12.90", pv="9.00", cv="7.20", stock=80),
    ),
    item(
        "kitchen-tea-towels",
        (
            "Linen tea towels, set of two",
            "Half-linen that dries glasses without fluff and gets softer with each wash. One towel"
            " is plain, one has a woven stripe.",
            "Material: 55% linen, 45% cotton. Woven in Portugal.",
            "50 × 70 cm. Wash at 60 degrees.",
        ),
        (
            "Льняные полотенца для посуды, два",
            "Полулён вытирает бокалы без ворса и с каждой стиркой становится мягче. Одно полотенце"
            " гладкое, второе с тканой полосой.",
            "Материал: 55 % льна, 45 % хлопка. Соткано в Португалии.",
            "50 × 70 см. Стирка при 60 градусах.",
        ),
        ("folded", "clay", "#e9dfc8", "#b5622a"),
        size(
            "50 × 70 cm",
            "22.00",
            "19.80",
            "16.80",
            pv="12.00",
            cv="9.60",
            stock=150,
            step=(6, "14.90"),
        ),
    ),
    item(
        "kitchen-board",
        (
            "Beech cutting board",
            "One piece of steamed beech, oiled twice, with a groove on one side and a plain face on"
            " the other. Heavy enough to stay where it lies.",
            "Material: European beech, linseed oil.",
            "36 × 24 × 2 cm. Wash by hand and dry upright.",
        ),
        (
            "Разделочная доска из бука",
            "Цельный пропаренный бук, дважды промасленный: с одной стороны желобок, другая гладкая."
            " Достаточно тяжёлая, чтобы не скользить.",
            "Материал: европейский бук, льняное масло.",
            "36 × 24 × 2 см. Мыть вручную, сушить вертикально.",
        ),
        ("board", "mist", "#d3a774", "#8a5a34"),
        size("36 × 24 cm", "34.00", "30.60", "26.50", pv="18.00", cv="14.40", stock=60),
    ),
    item(
        "kitchen-dish-brush",
        (
            "Dish brush with replaceable head",
            "A beech handle that lasts and a head that can be changed. The bristles are of tampico"
            " fibre: firm enough for pans, kind to glazes.",
            "Material: beech, tampico fibre, steel.",
            "25 cm long. The worn head goes into the compost, the ring into metal waste.",
        ),
        (
            "Щётка для посуды со сменной головкой",
            "Буковая ручка служит долго, а головку можно заменить. Щетина из волокна тампико:"
            " отмывает сковороды и не царапает глазурь.",
            "Материал: бук, волокно тампико, сталь.",
            "Длина 25 см. Изношенную головку можно в компост, кольцо — в металл.",
        ),
        ("brush", "leaf", "#d3a774", "#5a3a20"),
        size("25 cm", "11.50", "10.30", "8.80", pv="6.00", cv="4.80", stock=140),
    ),
    item(
        "kitchen-herb-salt",
        (
            "Herb salt",
            "Coarse sea salt ground with lovage, thyme and dried tomato. For eggs, potatoes and"
            " bread with butter.",
            "Ingredients: sea salt 82%, lovage, thyme, tomato, garlic.",
            "120 g in a glass with a cork. Contains celery-like herbs (lovage).",
        ),
        (
            "Соль с травами",
            "Крупная морская соль, смолотая с любистоком, тимьяном и сушёными томатами. К яйцам,"
            " картофелю и хлебу с маслом.",
            "Состав: морская соль 82 %, любисток, тимьян, томат, чеснок.",
            "120 г, стеклянная баночка с пробкой. Содержит любисток (родственник сельдерея).",
        ),
        ("cork", "clay", "#b9c3a0", "#5a7a3a"),
        size("120 g", "7.50", "6.70", "5.70", pv="3.50", cv="2.80", stock=170),
    ),
)

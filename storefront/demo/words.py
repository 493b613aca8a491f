"""Reviews, questions and answers of the demo company, by kind of product and language.

A text stands where it fits every product of its kind, so that nobody asks for a tea in the
dishwasher. Russian reviews do not tell whether a man or a woman writes: the writer is drawn by lot.
"""

Review = tuple[int, str, str]
Pair = tuple[str, str]

KINDS: dict[str, tuple[str, ...]] = {
    "skin": (
        "care-hand-soap", "care-hand-cream", "care-almond-oil", "care-calendula-balm",
        "care-salt-soap", "care-rosemary-shampoo", "care-day-cream", "movement-arnica-balm",
    ),
    "scent": (
        "home-candle", "home-diffuser", "home-wardrobe-sachets", "sleep-pillow-spray",
        "movement-bath-salt",
    ),
    "cleaning": ("home-laundry", "home-cleaning-tablets"),
    "cloth": (
        "home-linen-towel", "kitchen-tea-towels", "sleep-pillowcase", "sleep-wool-blanket",
        "sleep-mask",
    ),
    "food": (
        "kitchen-linden-tea", "kitchen-linden-honey", "kitchen-herb-salt", "sleep-evening-tea",
    ),
    "tool": (
        "kitchen-board", "kitchen-dish-brush", "movement-cork-mat", "movement-flask",
        "movement-massage-ball",
    ),
}  # fmt: skip


def get_kind(sku: str) -> str:
    """The kind of an article. Raises KeyError for one that has none yet."""
    return {number: kind for kind, numbers in KINDS.items() for number in numbers}[sku]


# Stars, title, text. These fit everything.
ANY: dict[str, list[Review]] = {
    "en": [
        (5, "A present that was kept", "Bought as a present, then I ordered another one for us."),
        (4, "Simple and good", "Just what the picture shows. Well packed, no plastic."),
        (3, "All right", "Good, only the parcel took a day longer than promised."),
    ],
    "ru": [
        (5, "Подарок удался", "Покупка была в подарок, теперь есть и у нас дома."),
        (4, "Просто и хорошо", "Всё как на картинке. Хорошо упаковано, без пластика."),
    ],
}
REVIEWS: dict[str, dict[str, list[Review]]] = {
    "skin": {
        "en": [
            (
                5,
                "Does what it says",
                "Short list of ingredients, and my skin agrees with all of them.",
            ),
            (4, "Feels good", "I like how it feels, and that it leaves nothing sticky behind."),
            (5, "My third time", "It lasts longer than I thought. The whole family uses it."),
            (4, "Quiet smell", "It smells of little, and that is why I bought it again."),
            (3, "Fine, but small", "Nothing wrong with it. I would like a larger size."),
            (
                2,
                "Not for me",
                "Good quality, but the smell does not suit me. Sent back without trouble.",
            ),
        ],
        "ru": [
            (5, "Кожа довольна", "Состав короткий и понятный. После первой недели вижу разницу."),
            (4, "Хорошо, но запах слабый", "Хотелось бы аромата поярче, в остальном всё отлично."),
            (5, "Беру снова", "Хватает надолго, пользуется вся семья."),
        ],
    },
    "scent": {
        "en": [
            (5, "Lovely", "The room feels different. Bought again."),
            (5, "A ritual", "Ten minutes in the evening that are mine."),
            (4, "Clear, not sweet", "You notice it when you come in, and then no more."),
            (3, "A bit quiet", "A fine smell. I would like it stronger in a large room."),
        ],
        "ru": [
            (5, "Вечерний ритуал", "Десять минут тишины каждый вечер."),
            (4, "Чистый запах", "Не сладкий и не резкий, голова не болит."),
        ],
    },
    "cleaning": {
        "en": [
            (5, "Less rubbish", "One pack for months. The cupboard is half empty now."),
            (4, "Clean and quiet", "No heavy perfume, works as well as what I had before."),
            (4, "Good value", "More expensive at first sight, cheaper in the end."),
            (3, "Took a while", "It does its work, I had to get used to it."),
        ],
        "ru": [
            (5, "Мусора меньше", "Одной упаковки хватает на месяцы."),
            (4, "Без резкого запаха", "Работает не хуже прежнего и не пахнет на всю квартиру."),
        ],
    },
    "cloth": {
        "en": [
            (5, "Better with each wash", "A little stiff on the first day, and then wonderful."),
            (4, "Soft and simple", "Well sewn, no loose threads."),
            (3, "Nice, a bit dear", "Good, though the price hurts a little."),
            (5, "For guests, then for us", "Meant for guests. It never got there."),
        ],
        "ru": [
            (5, "С каждой стиркой лучше", "Сначала жестковато, потом прекрасно."),
            (4, "Мягко и просто", "Хорошо сшито, нитки не торчат."),
        ],
    },
    "food": {
        "en": [
            (5, "Taste of June", "My grandmother's kitchen, in the best sense."),
            (4, "Honest taste", "Nothing added, and you taste that."),
            (5, "Every day", "The first pack was gone in two weeks. Now we order the large one."),
            (4, "Fresh", "You open it and the whole kitchen smells of summer."),
        ],
        "ru": [
            (4, "Спокойный вкус", "Ничего лишнего, именно так я и люблю."),
            (5, "Пахнет летом", "Открываешь — и вся кухня пахнет июнем."),
        ],
    },
    "tool": {
        "en": [
            (5, "Every day", "In use since the day it came. Looks better than what it replaced."),
            (4, "Honest thing", "You see that somebody thought about it."),
            (4, "Solid", "Heavier than the plastic one, and I am glad of it."),
            (5, "Lasts", "A year, a few falls, and it looks as on the first day."),
            (3, "Good with a but", "Works well, but it needs its place to dry."),
        ],
        "ru": [
            (5, "На каждый день", "Пользуемся каждый день. Выглядит лучше, чем на картинке."),
            (4, "Основательно", "Тяжелее пластика, и это мне нравится."),
            (5, "Как новая вещь", "Год прошёл, пара падений, а вид прежний."),
        ],
    },
}

PRESENT_EN: Pair = (
    "Can I have it as a present with a note?",
    "Yes, you can add a note in the checkout. We pack it in plain paper.",
)
PRESENT_RU: Pair = (
    "Можно ли приложить открытку?",
    "Да, добавьте записку при оформлении. Упакуем в простую бумагу.",
)
QUESTIONS: dict[str, dict[str, list[Pair]]] = {
    "skin": {
        "en": [
            ("Is it tested on animals?", "No, and neither are its ingredients."),
            (
                "How long does it keep once it is open?",
                "As many months as the open jar on the label says: nine to twelve.",
            ),
            ("Does it contain palm oil?", "No. We use olive, coconut and shea."),
        ],
        "ru": [
            ("Тестируется ли это на животных?", "Нет, и ингредиенты тоже."),
            (
                "Сколько хранится после вскрытия?",
                "Столько месяцев, сколько указано на баночке на этикетке: от девяти до двенадцати.",
            ),
            ("Есть ли пальмовое масло?", "Нет. Мы берём оливковое, кокосовое и ши."),
        ],
    },
    "scent": {
        "en": [
            ("Is the smell strong?", "No. You notice it when you come in, and then no more."),
            (
                "Are the fragrances natural?",
                "Yes, only essential oils. Each one is named under the ingredients.",
            ),
            PRESENT_EN,
        ],
        "ru": [
            ("Запах сильный?", "Нет. Он заметен, когда входишь, а потом нет."),
            ("Ароматы натуральные?", "Да, только эфирные масла. Каждое названо в составе."),
            PRESENT_RU,
        ],
    },
    "cleaning": {
        "en": [
            (
                "Is the packaging recyclable?",
                "Yes: paper, glass or tin. There is no plastic film in our parcels.",
            ),
            ("How long does it last?", "In a household of three about two months."),
            ("Does it work in hard water?", "Yes. Take a little more, as the label says."),
        ],
        "ru": [
            (
                "Упаковку можно сдать в переработку?",
                "Да: бумага, стекло или жесть. Плёнки в наших посылках нет.",
            ),
            ("На сколько этого хватает?", "Семье из трёх человек примерно на два месяца."),
            ("Подходит ли для жёсткой воды?", "Да. Берите чуть больше, как указано на этикетке."),
        ],
    },
    "cloth": {
        "en": [
            (
                "Does it shrink?",
                "Washed as it says under care and storage, by two percent at most.",
            ),
            (
                "Do you have it in other colours?",
                "Not yet. Write to us which colour you miss: we collect wishes.",
            ),
            PRESENT_EN,
        ],
        "ru": [
            (
                "Садится ли после стирки?",
                "Если стирать, как указано в уходе, не больше чем на два процента.",
            ),
            (
                "Есть ли другие цвета?",
                "Пока нет. Напишите, какого не хватает: мы собираем пожелания.",
            ),
            PRESENT_RU,
        ],
    },
    "food": {
        "en": [
            (
                "Are flavourings added?",
                "No. What is in it stands under the ingredients, and nothing else is.",
            ),
            (
                "How long does it keep?",
                "Closed, a year at least; the date stands on the bottom. Keep it dry and dark.",
            ),
            PRESENT_EN,
        ],
        "ru": [
            ("Есть ли ароматизаторы?", "Нет. Всё, что внутри, названо в составе."),
            (
                "Сколько хранится?",
                "Закрытым не меньше года, дата стоит на дне. Храните в сухом тёмном месте.",
            ),
            PRESENT_RU,
        ],
    },
    "tool": {
        "en": [
            (
                "How long is the guarantee?",
                "Two years. What breaks afterwards we repair, if it can be repaired.",
            ),
            (
                "What do I do with it when it is worn out?",
                "Send it back to us: wood, cork and steel are used again.",
            ),
            PRESENT_EN,
        ],
        "ru": [
            (
                "Какая гарантия?",
                "Два года. Потом чиним всё, что можно починить.",
            ),
            (
                "Что делать, когда вещь износится?",
                "Пришлите её нам: дерево, пробку и сталь мы пускаем в дело снова.",
            ),
            PRESENT_RU,
        ],
    },
}

# SKU, language, text.
OPEN_QUESTIONS = (
    ("sleep-wool-blanket", "en", "Is the fringe safe for a puppy that chews everything?"),
    ("care-hand-soap", "ru", "Подойдёт ли помпа от старого флакона к большому?"),
)

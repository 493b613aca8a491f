"""Reviews, questions and answers of the demo company, by shelf and language."""

Review = tuple[int, str, str]
Pair = tuple[str, str]

# Stars, title, text.
REVIEWS: dict[str, dict[str, list[Review]]] = {
    "care": {
        "en": [
            (
                5,
                "Does what it says",
                "Short list of ingredients, and my skin agrees with all of them.",
            ),
            (4, "Good, a little soft", "I like how it feels. In summer I keep it in a cool place."),
            (
                5,
                "My third time",
                "It lasts longer than I thought. The whole family uses it by now.",
            ),
            (4, "Quiet smell", "It smells of little, and that is why I bought it again."),
            (3, "Fine, but small", "Nothing wrong with it. I would like a larger size."),
            (5, "At last no itching", "After two weeks my hands look like hands again."),
            (
                2,
                "Not for me",
                "Good quality, but the smell does not suit me. Sent back without trouble.",
            ),
        ],
        "ru": [
            (5, "Кожа довольна", "Состав короткий и понятный. После первой недели вижу разницу."),
            (
                4,
                "Хорошо, но запах слабый",
                "Мне хотелось бы аромата поярче, в остальном всё отлично.",
            ),
            (5, "Беру снова", "Хватает надолго, пользуется вся семья."),
            (3, "Нормально", "Работает, но ожидала большего объёма за эту цену."),
        ],
    },
    "kitchen": {
        "en": [
            (
                5,
                "Every day",
                "In use since the day it came. It looks better than what it replaced.",
            ),
            (4, "Simple and good", "Just what the picture shows. Well packed, no plastic."),
            (
                5,
                "A present that was kept",
                "Bought as a present, then I ordered a second one for us.",
            ),
            (4, "Honest thing", "You see that somebody thought about it."),
            (3, "All right", "Good, only the parcel took a day longer than promised."),
            (5, "Taste of June", "My grandmother's kitchen, in the best sense."),
        ],
        "ru": [
            (5, "На каждый день", "Пользуемся каждый день. Выглядит лучше, чем на картинке."),
            (4, "Просто и хорошо", "Хорошо упаковано, без пластика. Советую."),
            (5, "Подарок удался", "Брала в подарок, потом заказала и себе."),
            (4, "Спокойный вкус", "Ничего лишнего, именно так я и люблю."),
        ],
    },
    "home": {
        "en": [
            (5, "Better with each wash", "Stiff on the first day, wonderful after the third wash."),
            (4, "Clean and quiet", "No heavy perfume, works as well as what I had before."),
            (5, "Less rubbish", "One box for months. The cupboard is half empty now."),
            (4, "Good value", "More expensive at first sight, cheaper in the end."),
            (3, "Took a while", "It does its work, I had to get used to it."),
            (5, "Lovely", "The room feels different. Bought again."),
        ],
        "ru": [
            (5, "С каждой стиркой лучше", "Сначала жестковато, после третьей стирки прекрасно."),
            (4, "Без резкого запаха", "Работает не хуже прежнего и не пахнет на всю квартиру."),
            (5, "Мусора меньше", "Одной упаковки хватает на месяцы."),
            (4, "Доволен", "Дороже на вид, дешевле в итоге."),
        ],
    },
    "sleep": {
        "en": [
            (5, "I sleep", "I do not know whether it is this or the dark, but I sleep."),
            (4, "Cool in summer", "Very pleasant on hot nights. Creases, but I do not iron."),
            (5, "A ritual", "Ten minutes before the light goes out. The children want it as well."),
            (4, "Soft and simple", "Well sewn, no loose threads."),
            (3, "Nice, a bit dear", "Good, though the price hurts a little."),
            (5, "For guests, then for us", "Meant for the guest room. It never got there."),
        ],
        "ru": [
            (5, "Сплю спокойно", "Не знаю, в этом ли дело, но засыпаю быстрее."),
            (4, "Прохладно летом", "В жару очень приятно. Мнётся, но я не глажу."),
            (5, "Вечерний ритуал", "Десять минут перед сном, и дети тоже просят."),
            (4, "Мягко и просто", "Хорошо сшито, ниток не торчит."),
        ],
    },
    "movement": {
        "en": [
            (5, "Holds", "It does not slip, it does not smell. What more is there to say."),
            (
                4,
                "After the long walk",
                "Exactly right in the evening. The smell is clear, not sweet.",
            ),
            (
                5,
                "In my bag every day",
                "A year of tea, water and falls, and it looks as on the first day.",
            ),
            (4, "Solid", "Heavier than the plastic one, and I am glad of it."),
            (3, "Good with a but", "Works well, but it needs its place to dry."),
            (5, "Helps", "Two minutes for each foot, and the stairs are easy again."),
        ],
        "ru": [
            (5, "Держит", "Не скользит и не пахнет. Больше и сказать нечего."),
            (4, "После долгой прогулки", "То что нужно вечером. Запах чистый, не сладкий."),
            (5, "Всегда с собой", "Сколько раз роняла, выглядит как новая."),
            (4, "Основательно", "Тяжелее пластика, и это мне нравится."),
        ],
    },
}

QUESTIONS: dict[str, dict[str, list[Pair]]] = {
    "care": {
        "en": [
            ("Is it tested on animals?", "No, and neither are its ingredients."),
            (
                "Can I use it during pregnancy?",
                "Nothing in it speaks against it. If in doubt, please show the ingredients to your doctor.",
            ),
            ("Does it contain palm oil?", "No. We use olive, coconut and shea."),
        ],
        "ru": [
            ("Тестируется ли это на животных?", "Нет, и ингредиенты тоже."),
            (
                "Можно ли при беременности?",
                "В составе нет ничего, что говорило бы против. Если сомневаетесь, покажите состав врачу.",
            ),
            ("Есть ли пальмовое масло?", "Нет. Мы берём оливковое, кокосовое и ши."),
        ],
    },
    "kitchen": {
        "en": [
            (
                "Where does it come from?",
                "From small makers we visit once a year; the country stands in the list of contents.",
            ),
            (
                "Is it fine for the dishwasher?",
                "Wood and linen are not; everything of glass and steel is.",
            ),
            (
                "Can I have it as a present with a note?",
                "Yes, you can add a note in the checkout. We pack it in plain paper.",
            ),
        ],
        "ru": [
            (
                "Откуда это?",
                "От небольших мастерских, к которым мы ездим раз в год; страна указана в составе.",
            ),
            ("Можно ли в посудомоечную машину?", "Дерево и лён нельзя, стекло и сталь можно."),
            (
                "Можно ли приложить открытку?",
                "Да, добавьте записку при оформлении. Упакуем в простую бумагу.",
            ),
        ],
    },
    "home": {
        "en": [
            (
                "Is the packaging recyclable?",
                "Yes: paper, glass or tin. There is no plastic film in our parcels.",
            ),
            ("Is the smell strong?", "No. You notice it when you come in, and then no more."),
            ("How long does it last?", "In a household of three about two months."),
        ],
        "ru": [
            (
                "Упаковку можно сдать в переработку?",
                "Да: бумага, стекло или жесть. Плёнки в наших посылках нет.",
            ),
            ("Запах сильный?", "Нет. Он заметен, когда входишь, а потом нет."),
            ("На сколько этого хватает?", "Семье из трёх человек примерно на два месяца."),
        ],
    },
    "sleep": {
        "en": [
            ("Does it suit children?", "From three years on, yes."),
            (
                "Does it shrink?",
                "We wash it before sewing; after that it stays within two percent.",
            ),
            (
                "Do you have it in other colours?",
                "Not yet. Write to us which colour you miss: we collect wishes.",
            ),
        ],
        "ru": [
            ("Подходит ли детям?", "С трёх лет да."),
            (
                "Садится ли после стирки?",
                "Мы стираем ткань до пошива; потом усадка не больше двух процентов.",
            ),
            (
                "Есть ли другие цвета?",
                "Пока нет. Напишите, какого не хватает: мы собираем пожелания.",
            ),
        ],
    },
    "movement": {
        "en": [
            ("Can I take it on a plane?", "Yes, in the suitcase without any trouble."),
            (
                "Is it suitable for beginners?",
                "Yes. A card with five simple exercises is in our help pages.",
            ),
            (
                "Are there spare parts?",
                "Yes: seals, straps and lids can be ordered from us one by one.",
            ),
        ],
        "ru": [
            ("Можно ли взять в самолёт?", "Да, в чемодане без проблем."),
            ("Подойдёт ли начинающим?", "Да. На страницах помощи есть пять простых упражнений."),
            ("Есть ли запасные части?", "Да: прокладки, ремни и крышки можно заказать отдельно."),
        ],
    },
}

# SKU, language, text.
OPEN_QUESTIONS = (
    ("sleep-wool-blanket", "en", "Is the fringe safe for a puppy that chews everything?"),
    ("care-hand-soap", "ru", "Подойдёт ли помпа от старого флакона к большому?"),
)

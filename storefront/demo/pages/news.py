"""News and a date."""

from datetime import timedelta

from storefront.demo.pages.writing import PageText, Words, row, table, text

NEWS = PageText(
    "NewsIndexPage",
    "news",
    {
        "en": Words("News", "News of Linden & Loom.", {"intro": "What happens in the workshops."}),
        "ru": Words("Новости", "Новости Linden & Loom.", {"intro": "Что происходит в мастерских."}),
    },
    in_menu=True,
)

REFILL = PageText(
    "NewsPage",
    "refill",
    {
        "en": Words(
            "The bottle stays with you",
            "Shampoo and soap come in refill pouches now.",
            {
                "teaser": "Shampoo and liquid soap now come in refill pouches. One bottle lasts for"
                " years, and each filling saves about as much plastic as the bottle weighs.",
                "tags": ["Products"],
                "body": [
                    text(
                        "<p>We were asked for it often, and it took us two years to find a pouch"
                        " that can be recycled where you live. It is made of one material, holds"
                        " 500 ml and pours without a funnel.</p><p>Wash the bottle with hot water"
                        " before you fill it, and let it dry upside down.</p>"
                    ),
                    row("category", heading="To fill again", shelf="care"),
                ],
            },
        ),
        "ru": Words(
            "Флакон остаётся у вас",
            "Шампунь и мыло теперь есть в пакетах для наполнения.",
            {
                "teaser": "Шампунь и жидкое мыло теперь есть в пакетах для наполнения. Одного"
                " флакона хватает на годы, а каждое наполнение бережёт столько пластика, сколько"
                " весит флакон.",
                "tags": ["Товары"],
                "body": [
                    text(
                        "<p>Нас часто об этом просили, и два года ушло, чтобы найти пакет, который"
                        " принимают в переработку там, где вы живёте. Он из одного материала,"
                        " вмещает 500 мл и льётся без воронки.</p><p>Перед наполнением вымойте"
                        " флакон горячей водой и высушите вверх дном.</p>"
                    ),
                    row("category", heading="Наполнить снова", shelf="care"),
                ],
            },
        ),
    },
    below="news",
    common={"scene": "parcel", "days_ago": 6},
)

HARVEST = PageText(
    "NewsPage",
    "harvest",
    {
        "en": Words(
            "A short summer, a good harvest",
            "How the herbs of this year's tea grew.",
            {
                "teaser": "It rained in June and shone in July: camomile came late, and sweeter than"
                " last year. Ilze Kalniņa tells how it was gathered.",
                "tags": ["Workshops"],
                "body": [
                    text(
                        "<p>Ilze and eleven neighbours pick before ten in the morning, when the"
                        " flowers have opened and the oil has not yet gone. What is picked by ten"
                        " hangs in the barn by noon.</p><h2>What is in the tea</h2><p>Camomile,"
                        " lemon balm and linden blossom, and nothing else. The share of each is"
                        " printed on the tin.</p>"
                    ),
                    row("category", heading="From the kitchen shelf", shelf="kitchen"),
                ],
            },
        ),
        "ru": Words(
            "Короткое лето, хороший урожай",
            "Как росли травы для чая этого года.",
            {
                "teaser": "В июне шли дожди, в июле было солнце: ромашка зацвела поздно и вышла"
                " слаще прошлогодней. Илзе Калниня рассказывает, как её собирали.",
                "tags": ["Мастерские"],
                "body": [
                    text(
                        "<p>Илзе и одиннадцать соседей собирают до десяти утра, когда цветы уже"
                        " раскрылись, а масло ещё не ушло. Собранное к десяти в полдень висит в"
                        " сарае.</p><h2>Что в чае</h2><p>Ромашка, мелисса и липовый цвет, больше"
                        " ничего. Доли указаны на банке.</p>"
                    ),
                    row("category", heading="С кухонной полки", shelf="kitchen"),
                ],
            },
        ),
    },
    below="news",
    common={"scene": "meadow", "days_ago": 34},
)

LOOM = PageText(
    "NewsPage",
    "new-loom",
    {
        "en": Words(
            "A second loom in Guimarães",
            "Linen towels are in stock again.",
            {
                "teaser": "João Reis has set up a second loom. Linen towels, which were sold out all"
                " spring, are here again, at the same price.",
                "tags": ["Workshops"],
                "body": [
                    text(
                        "<p>The loom is from 1962 and came on a lorry, in four hundred parts. It"
                        " took João three weeks to put it together and a fourth to make it run"
                        " quietly.</p>"
                    ),
                    table(
                        "How linen keeps its shape",
                        (("text", "What"), ("figure", "How")),
                        ("Washing", "40 °C"),
                        ("Spinning", "800 rpm"),
                        ("Ironing", "damp, or not at all"),
                    ),
                ],
            },
        ),
        "ru": Words(
            "Второй станок в Гимарайнше",
            "Льняные полотенца снова в наличии.",
            {
                "teaser": "Жуан Рейш поставил второй станок. Льняные полотенца, которых не было всю"
                " весну, снова здесь, по прежней цене.",
                "tags": ["Мастерские"],
                "body": [
                    text(
                        "<p>Станок 1962 года приехал на грузовике, разобранный на четыреста частей."
                        " Три недели Жуан его собирал, четвёртую учил работать тихо.</p>"
                    ),
                    table(
                        "Как лён держит форму",
                        (("text", "Что"), ("figure", "Как")),
                        ("Стирка", "40 °C"),
                        ("Отжим", "800 об/мин"),
                        ("Глажка", "влажным или никак"),
                    ),
                ],
            },
        ),
    },
    below="news",
    common={"scene": "loom", "days_ago": 71},
)

OPEN_DAY = PageText(
    "EventPage",
    "open-day",
    {
        "en": Words(
            "Open day at the workshop",
            "See how soap is made, in Jena or online.",
            {
                "teaser": "Come and stir. Ada shows how soap is made, and whoever likes cuts a bar"
                " to take home.",
                "place": "Linden & Loom, Lindenweg 4, 07743 Jena",
                "body": [
                    text(
                        "<p>Doors open at ten. We show the kettle at half past ten and at one; both"
                        " rounds take forty minutes. Children are welcome from six years on, with"
                        " somebody who holds their hand.</p><p>Who cannot come watches online and"
                        " asks questions in writing.</p>"
                    )
                ],
            },
        ),
        "ru": Words(
            "День открытых дверей в мастерской",
            "Посмотрите, как делают мыло, в Йене или онлайн.",
            {
                "teaser": "Приходите мешать. Ада покажет, как делают мыло, и каждый желающий отрежет"
                " себе брусок домой.",
                "place": "Linden & Loom, Lindenweg 4, 07743 Jena",
                "body": [
                    text(
                        "<p>Двери открыты с десяти. Котёл показываем в половине одиннадцатого и в"
                        " час, каждый показ длится сорок минут. Детям от шести лет мы рады, если"
                        " кто-то держит их за руку.</p><p>Кто не может приехать, смотрит онлайн и"
                        " задаёт вопросы письменно.</p>"
                    )
                ],
            },
        ),
    },
    below="news",
    common={
        "online_link": "https://meet.example.com/linden-open-day",
        "days_ahead": 24,
        "lasts": timedelta(hours=6),
    },
)

PAGES = (NEWS, REFILL, HARVEST, LOOM, OPEN_DAY)

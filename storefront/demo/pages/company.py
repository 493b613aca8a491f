"""Who the company is, how to reach it, and a page for a campaign."""

from storefront.demo.pages.writing import (
    PageText,
    Words,
    beside,
    button,
    finder,
    gallery,
    hero,
    questions,
    quote,
    row,
    scene,
    text,
)

ABOUT = PageText(
    "ContentPage",
    "about",
    {
        "en": Words(
            "About us",
            "Who makes the things of Linden & Loom, and how they find their way to you.",
            {
                "body": [
                    beside(
                        scene("linden", "The old linden tree above the town, with a bench"),
                        "<p>Linden &amp; Loom began with a bar of soap. Ada Lindqvist boiled it in"
                        " her kitchen in Jena, gave it to the neighbours, and was asked for more."
                        " Today some thirty things come from eleven small workshops between"
                        " Portugal and Latvia. The tree on our label stands above the town; its"
                        " blossom goes into the day cream.</p>",
                    ),
                    text(
                        "<h2>Few things, well made</h2><p>We take something into the range when we"
                        " would buy it ourselves, when it can be repaired, filled again or"
                        " composted, and when its list of ingredients fits on the label in letters"
                        " one can read. Everything else we leave to others.</p>"
                    ),
                    gallery(
                        (scene("hands", "Two hands press soap into a mould"), "Soap, in Jena"),
                        (scene("loom", "A loom, half of the cloth woven"), "Linen, in Guimarães"),
                        (scene("meadow", "Camomile on a meadow"), "Herbs, near Cēsis"),
                    ),
                    text(
                        "<h2>Sold by people who use it</h2><p>We spend nothing on advertising. Our"
                        " members recommend what they use at home and earn a share of what their"
                        " customers buy. Nobody earns anything for bringing in new members: every"
                        " point goes back to something that was sold and paid for.</p><p>If a"
                        " member sent you here, a line at the top of the page says who. Your price"
                        " is the same either way.</p>"
                    ),
                    quote(
                        "A good cloth is finished when nobody thinks about it any more.",
                        "João Reis",
                        "weaver",
                        scene("joao", "Drawn portrait of João Reis"),
                    ),
                    finder(
                        "Do you know one of our members?",
                        "Type a name, a town, or the code from the card you were given.",
                    ),
                ]
            },
        ),
        "ru": Words(
            "О компании",
            "Кто делает вещи Linden & Loom и как они попадают к вам.",
            {
                "body": [
                    beside(
                        scene("linden", "Старая липа над городом, рядом скамья"),
                        "<p>Linden &amp; Loom началась с куска мыла. Ада Линдквист сварила его на"
                        " своей кухне в Йене, раздала соседям, и они попросили ещё. Сегодня около"
                        " тридцати вещей делают одиннадцать небольших мастерских от Португалии до"
                        " Латвии. Дерево с нашей этикетки стоит над городом, его цвет идёт в"
                        " дневной крем.</p>",
                    ),
                    text(
                        "<h2>Немного, но хорошо</h2><p>Мы берём вещь, если купили бы её сами, если"
                        " её можно починить, наполнить снова или компостировать и если её состав"
                        " помещается на этикетке буквами, которые можно прочесть. Остальное"
                        " оставляем другим.</p>"
                    ),
                    gallery(
                        (scene("hands", "Две руки вдавливают мыло в форму"), "Мыло, Йена"),
                        (scene("loom", "Станок с наполовину сотканным полотном"), "Лён, Гимарайнш"),
                        (scene("meadow", "Ромашка на лугу"), "Травы, близ Цесиса"),
                    ),
                    text(
                        "<h2>Продают те, кто пользуется</h2><p>Мы не тратим деньги на рекламу. Наши"
                        " дистрибьюторы советуют то, чем пользуются дома, и получают долю от"
                        " покупок своих клиентов. За привлечение новых дистрибьюторов никто не"
                        " получает ничего: каждый балл происходит от проданного и оплаченного"
                        " товара.</p><p>Если вас пригласил дистрибьютор, его имя стоит вверху"
                        " страницы. Цена для вас от этого не меняется.</p>"
                    ),
                    quote(
                        "Хорошее полотно готово, когда о нём больше не думают.",
                        "Жуан Рейш",
                        "ткач",
                        scene("joao", "Рисованный портрет Жуана Рейша"),
                    ),
                    finder(
                        "Вы знаете кого-то из наших дистрибьюторов?",
                        "Введите имя, город или код с карточки, которую вам дали.",
                    ),
                ]
            },
        ),
    },
    in_menu=True,
)

CONTACT = PageText(
    "ContactPage",
    "contact",
    {
        "en": Words(
            "Contact",
            "Write to Linden & Loom: a person answers within one working day.",
            {
                "intro": "<p>Write to us. A person reads it and answers within one working day,"
                " Monday to Friday. Most questions about delivery and returns are answered on the"
                " help pages already.</p>",
                "thanks": "<p>Thank you, your message is here. We answer by mail within one working"
                " day.</p>",
                "form_fields": [
                    ("singleline", "Your name", True, ""),
                    ("email", "Your e-mail", True, "Only to answer you."),
                    ("dropdown", "What is it about?", True, ""),
                    ("singleline", "Order number", False, "If it is about an order."),
                    ("multiline", "Message", True, ""),
                ],
                "choices": "A product\nAn order\nA return\nMembership\nSomething else",
            },
        ),
        "ru": Words(
            "Контакты",
            "Напишите в Linden & Loom: человек ответит в течение рабочего дня.",
            {
                "intro": "<p>Напишите нам. Письмо прочтёт человек и ответит в течение рабочего дня,"
                " с понедельника по пятницу. На многие вопросы о доставке и возврате уже отвечают"
                " страницы помощи.</p>",
                "thanks": "<p>Спасибо, сообщение у нас. Ответим письмом в течение рабочего"
                " дня.</p>",
                "form_fields": [
                    ("singleline", "Ваше имя", True, ""),
                    ("email", "Ваша почта", True, "Только чтобы ответить вам."),
                    ("dropdown", "О чём вопрос?", True, ""),
                    ("singleline", "Номер заказа", False, "Если вопрос о заказе."),
                    ("multiline", "Сообщение", True, ""),
                ],
                "choices": "Товар\nЗаказ\nВозврат\nДистрибьюторство\nДругое",
            },
        ),
    },
)

LANDING = PageText(
    "LandingPage",
    "kind-to-hands",
    {
        "en": Words(
            "Kind to hands",
            "Three things for hands that work: a soap, a balm and a brush.",
            {
                "body": [
                    hero(
                        "For hands that work",
                        "<p>Gardeners, nurses, bakers: who washes hands thirty times a day needs"
                        " soap that gives something back.</p>",
                        scene("hands", "Two hands press soap into a mould"),
                        button("/shop/catalogue/", "See all products"),
                        tint="mist",
                    ),
                    row("category", heading="Ada's choice for hands", shelf="care"),
                    questions(
                        "Before you ask",
                        (
                            "Is there perfume in it?",
                            "<p>Only where the label says so, and then as plant oil.</p>",
                        ),
                        (
                            "What if it is not for me?",
                            "<p>Send it back within 30 days, unopened. We pay for the label.</p>",
                        ),
                    ),
                ]
            },
        ),
        "ru": Words(
            "Бережно к рукам",
            "Три вещи для рук, которые работают: мыло, бальзам и щётка.",
            {
                "body": [
                    hero(
                        "Для рук, которые работают",
                        "<p>Садовникам, медсёстрам, пекарям: кто моет руки тридцать раз в день,"
                        " тому нужно мыло, которое что-то возвращает.</p>",
                        scene("hands", "Две руки вдавливают мыло в форму"),
                        button("/shop/catalogue/", "Все товары"),
                        tint="mist",
                    ),
                    row("category", heading="Выбор Ады для рук", shelf="care"),
                    questions(
                        "Прежде чем вы спросите",
                        (
                            "Есть ли в нём отдушка?",
                            "<p>Только если так написано на этикетке, и тогда это масло"
                            " растения.</p>",
                        ),
                        (
                            "А если мне не подойдёт?",
                            "<p>Верните невскрытым в течение 30 дней. Этикетку оплатим мы.</p>",
                        ),
                    ),
                ]
            },
        ),
    },
    common={"member_code": "ADA", "campaign": "hands", "hides_navigation": True},
)

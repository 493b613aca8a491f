"""The front page."""

from storefront.demo.pages.writing import (
    PageText,
    Words,
    beside,
    button,
    hero,
    join,
    numbers,
    quote,
    row,
    scene,
    tiles,
)

HOME = PageText(
    "HomePage",
    "home",
    {
        "en": Words(
            "Linden & Loom",
            "Soap, tea, linen and wool by Linden & Loom: plain, well made, honestly described.",
            {
                "body": [
                    hero(
                        "Things of daily life, made to last",
                        "<p>Soap that is kind to hands. Linen that outlives fashion. Tea that"
                        " tastes of July. We make and choose few things, tell you what is in them,"
                        " and send them from Jena.</p>",
                        scene("still_life", "Folded linen, a green bottle of oil and a jar"),
                        button("/shop/catalogue/", "See all products"),
                        button("/about/", "Who we are"),
                        tint="apricot",
                    ),
                    tiles("What are you looking for?"),
                    row("newest", heading="New in the shop", count=8),
                    beside(
                        scene("workshop", "A workshop with bars of soap drying on shelves"),
                        "<h2>Stirred cold, dried for six weeks</h2><p>Our soap is made in a former"
                        " bakery by the river. It takes a day to stir and six weeks to dry, and"
                        " nobody has found a way to hurry it.</p>",
                        button("/about/", "Our story"),
                    ),
                    row("best", heading="What others like"),
                    quote(
                        "I boil it the way my grandmother did, only with better olive oil.",
                        "Ada Lindqvist",
                        "soap maker",
                        scene("ada", "Drawn portrait of Ada Lindqvist"),
                    ),
                    numbers(
                        ("11", "workshops, each known by name"),
                        ("30 days", "to send something back"),
                        ("€60", "and delivery is free"),
                    ),
                    join(
                        "Recommend what you use yourself",
                        "<p>Members pay less for what they use at home and earn a share of what"
                        " their customers buy. Nobody earns anything for bringing in others.</p>",
                        "Become a member",
                    ),
                ]
            },
        ),
        "ru": Words(
            "Linden & Loom",
            "Мыло, чай, лён и шерсть от Linden & Loom: просто, добротно, честно описано.",
            {
                "body": [
                    hero(
                        "Вещи на каждый день, сделанные надолго",
                        "<p>Мыло, которое бережёт руки. Лён, который переживёт моду. Чай со вкусом"
                        " июля. Мы делаем и выбираем немного вещей, рассказываем, из чего они, и"
                        " отправляем их из Йены.</p>",
                        scene("still_life", "Сложенный лён, зелёная бутыль масла и баночка"),
                        button("/shop/catalogue/", "Все товары"),
                        button("/about/", "Кто мы"),
                        tint="apricot",
                    ),
                    tiles("Что вы ищете?"),
                    row("newest", heading="Новое в магазине", count=8),
                    beside(
                        scene("workshop", "Мастерская, на полках сохнет мыло"),
                        "<h2>Сварено холодным способом, сохнет шесть недель</h2><p>Наше мыло"
                        " делают в бывшей пекарне у реки. День его мешают, шесть недель сушат, и"
                        " никто пока не придумал, как это ускорить.</p>",
                        button("/about/", "Наша история"),
                    ),
                    row("best", heading="Что нравится другим"),
                    quote(
                        "Я варю его так же, как бабушка, только оливковое масло лучше.",
                        "Ада Линдквист",
                        "мыловар",
                        scene("ada", "Рисованный портрет Ады Линдквист"),
                    ),
                    numbers(
                        ("11", "мастерских, каждую знаем по имени"),
                        ("30 дней", "чтобы вернуть покупку"),
                        ("60 €", "и доставка бесплатна"),
                    ),
                    join(
                        "Советуйте то, чем пользуетесь сами",
                        "<p>Дистрибьюторы меньше платят за то, чем пользуются дома, и получают"
                        " долю от покупок своих клиентов. За привлечение людей никто не получает"
                        " ничего.</p>",
                        "Стать дистрибьютором",
                    ),
                ]
            },
        ),
    },
)

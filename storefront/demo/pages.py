"""What the pages of the demo company say, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageText:
    """One page in one language; `body` is the rich text of the CMS."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class ContentText:
    """A text page: its address in every language, and whether the menu lists it."""

    slug: str
    in_menu: bool
    texts: dict[str, PageText]


HOME = {
    "en": PageText(
        title="Things of daily life, made to last",
        summary="Soap, tea, linen and wool by Linden & Loom: plain, well made, honestly described.",
        body="<p>Soap that is kind to hands. Linen that outlives fashion. Tea that tastes of July."
        " We make and choose few things, tell you what is in them, and send them from Jena.</p>",
    ),
    "ru": PageText(
        title="Вещи на каждый день, сделанные надолго",
        summary="Мыло, чай, лён и шерсть от Linden & Loom: просто, добротно, честно описано.",
        body="<p>Мыло, которое бережёт руки. Лён, который переживёт моду. Чай со вкусом июля."
        " Мы делаем и выбираем немного вещей, рассказываем, из чего они, и отправляем их из"
        " Йены.</p>",
    ),
}

ABOUT = ContentText(
    "about",
    True,
    {
        "en": PageText(
            "About us",
            "Who makes the things of Linden & Loom, and how they find their way to you.",
            "<p>Linden &amp; Loom began with a bar of soap. Ada Lindqvist boiled it in her kitchen"
            " in Jena, gave it to the neighbours, and was asked for more. Today some thirty things"
            " come from eleven small workshops between Portugal and Latvia, and we know every one of"
            " them by name.</p>"
            "<h2>Few things, well made</h2>"
            "<p>We take something into the range when we would buy it ourselves, when it can be"
            " repaired, filled again or composted, and when its list of ingredients fits on the"
            " label in letters one can read. Everything else we leave to others.</p>"
            "<h2>Sold by people who use it</h2>"
            "<p>We spend nothing on advertising. Our members recommend what they use at home and"
            " earn a share of what their customers buy. Nobody earns anything for bringing in new"
            " members: every point goes back to something that was sold and paid for.</p>"
            "<p>If a member sent you here, a line at the top of the page says who. Your price is the"
            " same either way.</p>",
        ),
        "ru": PageText(
            "О компании",
            "Кто делает вещи Linden & Loom и как они попадают к вам.",
            "<p>Linden &amp; Loom началась с куска мыла. Ада Линдквист сварила его на своей кухне в"
            " Йене, раздала соседям, и они попросили ещё. Сегодня около тридцати вещей делают"
            " одиннадцать небольших мастерских от Португалии до Латвии, и каждую мы знаем по"
            " имени.</p>"
            "<h2>Немного, но хорошо</h2>"
            "<p>Мы берём вещь, если купили бы её сами, если её можно починить, наполнить снова или"
            " компостировать и если её состав помещается на этикетке буквами, которые можно"
            " прочесть. Остальное оставляем другим.</p>"
            "<h2>Продают те, кто пользуется</h2>"
            "<p>Мы не тратим деньги на рекламу. Наши дистрибьюторы советуют то, чем пользуются"
            " дома, и получают долю от покупок своих клиентов. За привлечение новых дистрибьюторов"
            " никто не получает ничего: каждый балл происходит от проданного и оплаченного"
            " товара.</p>"
            "<p>Если вас пригласил дистрибьютор, его имя стоит вверху страницы. Цена для вас от"
            " этого не меняется.</p>",
        ),
    },
)

DELIVERY = ContentText(
    "delivery",
    True,
    {
        "en": PageText(
            "Delivery and returns",
            "What delivery costs, how long it takes, and how to send something back.",
            "<h2>Delivery</h2>"
            "<p>Standard delivery takes three to five working days and costs €4.90; from an order of"
            " €60 it is free. Express delivery takes one to two working days and costs €9.90. We"
            " send to Germany, Austria, Belgium, Estonia, France, Latvia, Lithuania, the"
            " Netherlands, Poland and Switzerland. Prices show the tax of the country you choose;"
            " to Switzerland we send without tax, and customs are paid on arrival.</p>"
            "<h2>Payment</h2>"
            "<p>By card, or by bank transfer. With a transfer we pack your order on the day your"
            " money arrives.</p>"
            "<h2>Returns</h2>"
            "<p>You may send anything back within 30 days, without giving a reason. Soap, creams and"
            " food we take back unopened. Write to us with the order number, or use the link in your"
            " confirmation; we send a label. Your money goes back the way it came within a week"
            " after the parcel has reached us.</p>"
            "<h2>Something is broken</h2>"
            "<p>Send us a picture. You choose between a new piece and your money, and you keep what"
            " is left of the old one.</p>",
        ),
        "ru": PageText(
            "Доставка и возврат",
            "Сколько стоит доставка, сколько она длится и как вернуть покупку.",
            "<h2>Доставка</h2>"
            "<p>Обычная доставка занимает от трёх до пяти рабочих дней и стоит 4,90 €, при заказе"
            " от 60 € она бесплатна. Экспресс-доставка занимает один-два рабочих дня и стоит"
            " 9,90 €. Мы отправляем заказы в Германию, Австрию, Бельгию, Эстонию, Францию, Латвию,"
            " Литву, Нидерланды, Польшу и Швейцарию. Цены показаны с налогом выбранной страны; в"
            " Швейцарию мы отправляем без налога, пошлина оплачивается при получении.</p>"
            "<h2>Оплата</h2>"
            "<p>Картой или банковским переводом. При переводе мы собираем заказ в день поступления"
            " денег.</p>"
            "<h2>Возврат</h2>"
            "<p>Любую вещь можно вернуть в течение 30 дней, не объясняя причин. Мыло, кремы и"
            " продукты мы принимаем невскрытыми. Напишите нам, указав номер заказа, или откройте"
            " ссылку из письма с подтверждением, и мы пришлём этикетку для посылки. Деньги"
            " вернутся тем же путём в течение недели после получения посылки.</p>"
            "<h2>Если что-то разбилось</h2>"
            "<p>Пришлите фотографию. Вы выбираете новую вещь или деньги, а то, что осталось от"
            " прежней, остаётся у вас.</p>",
        ),
    },
)

TERMS = ContentText(
    "terms",
    True,
    {
        "en": PageText(
            "Terms",
            "The terms under which Linden & Loom sells.",
            "<p>Linden &amp; Loom is a company made up to show what this shop can do. Nothing is"
            " sold here, and these terms bind nobody; yours belong in their place.</p>"
            "<h2>Contract</h2>"
            "<p>What the shop shows is an invitation to order. The contract is made when we confirm"
            " your order by e-mail. Prices include tax of the country of delivery; the cost of"
            " delivery is shown before you pay.</p>"
            "<h2>Right of withdrawal</h2>"
            "<p>Consumers may withdraw within 14 days without giving a reason; we extend this to 30"
            " days. To withdraw it is enough to tell us so.</p>"
            "<h2>Members</h2>"
            "<p>Members act in their own name and for their own account. They may not promise"
            " incomes or effects on health. What they earn follows from paid orders of goods and"
            " from nothing else.</p>"
            "<h2>Liability and law</h2>"
            "<p>Statutory warranty applies. German law applies; consumers keep the protection of the"
            " law of the country they live in.</p>",
        ),
        "ru": PageText(
            "Условия",
            "На каких условиях продаёт Linden & Loom.",
            "<p>Linden &amp; Loom — вымышленная компания, созданная, чтобы показать возможности"
            " этого магазина. Здесь ничего не продаётся, и эти условия никого не обязывают; на их"
            " место поставьте свои.</p>"
            "<h2>Договор</h2>"
            "<p>Витрина магазина — приглашение сделать заказ. Договор заключается, когда мы"
            " подтверждаем заказ письмом. Цены включают налог страны доставки, стоимость доставки"
            " видна до оплаты.</p>"
            "<h2>Право отказа</h2>"
            "<p>Потребитель вправе отказаться от покупки в течение 14 дней без объяснения причин;"
            " мы увеличиваем этот срок до 30 дней. Достаточно сообщить нам об отказе.</p>"
            "<h2>Дистрибьюторы</h2>"
            "<p>Дистрибьюторы действуют от своего имени и за свой счёт. Они не вправе обещать доход"
            " или действие на здоровье. Их вознаграждение возникает только из оплаченных заказов"
            " товара.</p>"
            "<h2>Ответственность и право</h2>"
            "<p>Действует гарантия, предусмотренная законом. Применяется право Германии;"
            " потребители сохраняют защиту права страны, в которой живут.</p>",
        ),
    },
)

CONTENT = (ABOUT, DELIVERY, TERMS)

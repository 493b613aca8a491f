"""Legal texts of a company that does not exist; a real one puts its own in their place."""

from datetime import date

from storefront.demo.pages.writing import PageText, Words

NOTE = {
    "en": "<p>Linden &amp; Loom is a company made up to show what this shop can do. Nothing is sold"
    " here, and this text binds nobody; yours belongs in its place.</p>",
    "ru": "<p>Linden &amp; Loom — вымышленная компания, созданная, чтобы показать возможности этого"
    " магазина. Здесь ничего не продаётся, и этот текст никого не обязывает; на его место поставьте"
    " свой.</p>",
}


def _legal(
    kind: str,
    slug: str,
    english: tuple[str, str, str],
    russian: tuple[str, str, str],
    *,
    in_menu: bool = False,
) -> PageText:
    words = {
        language: Words(title, summary, {"body": NOTE[language] + html})
        for language, (title, summary, html) in {"en": english, "ru": russian}.items()
    }
    common = {"kind": kind, "valid_from": date(2026, 1, 1)}
    return PageText("LegalPage", slug, words, in_menu=in_menu, common=common)


TERMS = _legal(
    "terms",
    "terms",
    (
        "Terms",
        "The terms under which Linden & Loom sells.",
        "<h2>Contract</h2><p>What the shop shows is an invitation to order. The contract is made"
        " when we confirm your order by e-mail. Prices include tax of the country of delivery; the"
        " cost of delivery is shown before you pay.</p><h2>Members</h2><p>Members act in their own"
        " name and for their own account. They may not promise incomes or effects on health. What"
        " they earn follows from paid orders of goods and from nothing else.</p><h2>Liability and"
        " law</h2><p>Statutory warranty applies. German law applies; consumers keep the protection"
        " of the law of the country they live in.</p>",
    ),
    (
        "Условия",
        "На каких условиях продаёт Linden & Loom.",
        "<h2>Договор</h2><p>Витрина магазина — приглашение сделать заказ. Договор заключается, когда"
        " мы подтверждаем заказ письмом. Цены включают налог страны доставки, стоимость доставки"
        " видна до оплаты.</p><h2>Дистрибьюторы</h2><p>Дистрибьюторы действуют от своего имени и за"
        " свой счёт. Они не вправе обещать доход или действие на здоровье. Их вознаграждение"
        " возникает только из оплаченных заказов товара.</p><h2>Ответственность и право</h2>"
        "<p>Действует гарантия, предусмотренная законом. Применяется право Германии; потребители"
        " сохраняют защиту права страны, в которой живут.</p>",
    ),
    in_menu=True,
)

PRIVACY = _legal(
    "privacy",
    "privacy",
    (
        "Privacy",
        "Which data Linden & Loom keeps, what for, and how long.",
        "<h2>What we keep</h2><p>Name, addresses, e-mail and what you ordered, as long as the law"
        " asks for it. Card numbers never reach us.</p><h2>Cookies</h2><p>One for the basket, one"
        " for signing in, one for your language, and, if you came by a member's link, one that"
        " remembers whose guest you are. None for advertising.</p><h2>Who else sees it</h2><p>The"
        " payment company and the carrier see what they need. The member whose guest you are sees"
        " your first name and the points of your orders, not what you bought.</p><h2>Your"
        " rights</h2><p>In your account you can take all data about you with you, or have your"
        " account closed.</p>",
    ),
    (
        "Конфиденциальность",
        "Какие данные хранит Linden & Loom, зачем и как долго.",
        "<h2>Что мы храним</h2><p>Имя, адреса, почту и заказы столько, сколько требует закон. Номера"
        " карт к нам не попадают.</p><h2>Файлы cookie</h2><p>Один для корзины, один для входа, один"
        " для языка и, если вы пришли по ссылке дистрибьютора, один, который помнит, чей вы гость."
        " Для рекламы ни одного.</p><h2>Кто ещё их видит</h2><p>Платёжная компания и перевозчик"
        " видят то, что им нужно. Дистрибьютор, чей вы гость, видит ваше имя и баллы заказов, но не"
        " сами покупки.</p><h2>Ваши права</h2><p>В учётной записи можно выгрузить все данные о себе"
        " или закрыть её.</p>",
    ),
)

WITHDRAWAL = _legal(
    "withdrawal",
    "withdrawal",
    (
        "Right of withdrawal",
        "Fourteen days by law, thirty days with us.",
        "<p>Consumers may withdraw from a purchase within 14 days without giving a reason; we extend"
        " this to 30 days. The time begins on the day the goods reach you. To withdraw it is enough"
        " to tell us so, in the form of your order, by mail or by letter.</p><p>We give back all"
        " that you paid, the cost of standard delivery included, within 14 days, the way you paid."
        "</p><p>The right does not hold for sealed goods that, for health or hygiene, are not fit to"
        " be returned once opened.</p>",
    ),
    (
        "Право отказа",
        "Четырнадцать дней по закону, тридцать дней у нас.",
        "<p>Потребитель вправе отказаться от покупки в течение 14 дней без объяснения причин; мы"
        " увеличиваем срок до 30 дней. Он начинается в день получения товара. Достаточно сообщить"
        " нам об отказе в форме заказа, по почте или письмом.</p><p>Мы вернём всё уплаченное,"
        " включая стоимость обычной доставки, в течение 14 дней, тем же путём.</p><p>Право не"
        " действует для запечатанных товаров, которые по соображениям здоровья или гигиены нельзя"
        " вернуть после вскрытия.</p>",
    ),
)

MEMBERS = _legal(
    "members",
    "agreement-with-members",
    (
        "Agreement with members",
        "What members and Linden & Loom promise each other.",
        "<h2>What a member does</h2><p>You share products you like and sell in your own name. You"
        " need not buy anything, keep stock or bring in other members, and joining costs nothing."
        "</p><h2>What you earn</h2><p>Your reward comes from paid orders of goods, yours and those of"
        " people you serve or guide, after the plan that holds in the month. Nobody is paid for"
        " bringing somebody in.</p><h2>What you promise</h2><ul><li>You promise no income and no"
        " effect on health.</li><li>You say in whose name you speak, and for whom.</li><li>You pay"
        " your own taxes.</li></ul><h2>How it ends</h2><p>Within fourteen days you may end this"
        " agreement without a reason; a starter kit you bought is paid back in full. Later you may end"
        " it at any time; we may with a reason, in writing. What you earned until then is paid.</p>"
        "<h2>Your data</h2><p>Members above you see your name and points. Your address, tax number"
        " and account are seen by our service only.</p>",
    ),
    (
        "Соглашение с дистрибьютором",
        "Что обещают друг другу дистрибьютор и Linden & Loom.",
        "<h2>Что делает дистрибьютор</h2><p>Вы рассказываете о товарах, которые вам нравятся, и"
        " продаёте от своего имени. Вы не обязаны ничего покупать, держать запас или приглашать"
        " других, а вступление бесплатно.</p><h2>Что вы зарабатываете</h2><p>Вознаграждение возникает"
        " из оплаченных заказов товара — ваших и тех людей, которым вы продаёте или помогаете, — по"
        " плану, действующему в этом месяце. За приглашение людей не платят никому.</p><h2>Что вы"
        " обещаете</h2><ul><li>Не обещать доход и действие на здоровье.</li><li>Говорить, от чьего"
        " имени вы выступаете.</li><li>Самостоятельно платить налоги.</li></ul><h2>Как оно"
        " прекращается</h2><p>В течение четырнадцати дней вы можете отказаться от соглашения без"
        " объяснения причин; стоимость купленного стартового набора возвращается полностью. Позже вы"
        " можете прекратить его в любое время, а мы — письменно и с указанием причины. Заработанное"
        " до этого выплачивается.</p><h2>Ваши данные</h2><p>Вышестоящие дистрибьюторы видят ваше имя и"
        " баллы. Адрес, налоговый номер и счёт видит только наша служба.</p>",
    ),
)

IMPRINT = _legal(
    "imprint",
    "imprint",
    (
        "Imprint",
        "Who stands behind this site.",
        "<p>Linden &amp; Loom GmbH (made up)<br>Lindenweg 4<br>07743 Jena<br>Germany</p><p>Managing"
        " director: Ada Lindqvist<br>E-mail: shop@example.com</p><p>Register: none, the company does"
        " not exist.</p>",
    ),
    (
        "Выходные данные",
        "Кто стоит за этим сайтом.",
        "<p>Linden &amp; Loom GmbH (вымышлена)<br>Lindenweg 4<br>07743 Jena<br>Германия</p>"
        "<p>Директор: Ада Линдквист<br>Почта: shop@example.com</p><p>Регистрация: нет, компании не"
        " существует.</p>",
    ),
)

PAGES = (TERMS, PRIVACY, WITHDRAWAL, MEMBERS, IMPRINT)

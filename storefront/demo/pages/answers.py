"""Help for shoppers: questions, and a page for each larger one."""

from storefront.demo.pages.writing import PageText, Words, beside, button, group, scene, table, text

DELIVERY = PageText(
    "ContentPage",
    "delivery",
    {
        "en": Words(
            "Delivery and returns",
            "What delivery costs, how long it takes, and how to send something back.",
            {
                "body": [
                    table(
                        "What delivery costs",
                        (("text", "Way"), ("figure", "Working days"), ("figure", "Cost")),
                        ("Standard", "3–5", "€4.90"),
                        ("Standard, from €60", "3–5", "free"),
                        ("Express", "1–2", "€9.90"),
                    ),
                    text(
                        "<p>We send to Germany, Austria, Belgium, Estonia, France, Latvia,"
                        " Lithuania, the Netherlands, Poland and Switzerland. Prices show the tax"
                        " of the country you choose; to Switzerland we send without tax, and"
                        " customs are paid on arrival.</p><h2>Returns</h2><p>You may send anything"
                        " back within 30 days, without giving a reason. Soap, creams and food we"
                        " take back unopened. Your money goes back the way it came within a week"
                        " after the parcel has reached us.</p><h2>Something is broken</h2><p>Send"
                        " us a picture. You choose between a new piece and your money, and you keep"
                        " what is left of the old one.</p>"
                    ),
                ]
            },
        ),
        "ru": Words(
            "Доставка и возврат",
            "Сколько стоит доставка, сколько она длится и как вернуть покупку.",
            {
                "body": [
                    table(
                        "Сколько стоит доставка",
                        (("text", "Способ"), ("figure", "Рабочих дней"), ("figure", "Стоимость")),
                        ("Обычная", "3–5", "4,90 €"),
                        ("Обычная, от 60 €", "3–5", "бесплатно"),
                        ("Экспресс", "1–2", "9,90 €"),
                    ),
                    text(
                        "<p>Мы отправляем заказы в Германию, Австрию, Бельгию, Эстонию, Францию,"
                        " Латвию, Литву, Нидерланды, Польшу и Швейцарию. Цены показаны с налогом"
                        " выбранной страны; в Швейцарию мы отправляем без налога, пошлина"
                        " оплачивается при получении.</p><h2>Возврат</h2><p>Любую вещь можно"
                        " вернуть в течение 30 дней, не объясняя причин. Мыло, кремы и продукты мы"
                        " принимаем невскрытыми. Деньги вернутся тем же путём в течение недели"
                        " после получения посылки.</p><h2>Если что-то разбилось</h2><p>Пришлите"
                        " фотографию. Вы выбираете новую вещь или деньги, а то, что осталось от"
                        " прежней, остаётся у вас.</p>"
                    ),
                ]
            },
        ),
    },
    in_menu=True,
)

HELP = PageText(
    "ContentPage",
    "help",
    {
        "en": Words(
            "Help",
            "How to order, pay, send back, and what points are.",
            {
                "body": [
                    beside(
                        scene("parcel", "A parcel with twine, ready to go"),
                        "<p>The short way through the shop, in four pages. What is not here stands"
                        " among the questions, or ask us.</p><ul>"
                        '<li><a href="/help/ordering/">How to order</a></li>'
                        '<li><a href="/help/paying/">How to pay</a></li>'
                        '<li><a href="/help/sending-back/">How to send something back</a></li>'
                        '<li><a href="/help/points/">Points and recommendations</a></li></ul>',
                        button("/questions/", "All questions"),
                    )
                ]
            },
        ),
        "ru": Words(
            "Помощь",
            "Как заказать, оплатить, вернуть и что такое баллы.",
            {
                "body": [
                    beside(
                        scene("parcel", "Посылка, перевязанная бечёвкой"),
                        "<p>Короткий путь по магазину на четырёх страницах. Остальное есть среди"
                        " вопросов, или спросите нас.</p><ul>"
                        '<li><a href="/ru/help/ordering/">Как заказать</a></li>'
                        '<li><a href="/ru/help/paying/">Как оплатить</a></li>'
                        '<li><a href="/ru/help/sending-back/">Как вернуть покупку</a></li>'
                        '<li><a href="/ru/help/points/">Баллы и рекомендации</a></li></ul>',
                        button("/questions/", "Все вопросы"),
                    )
                ]
            },
        ),
    },
)


def _page(slug: str, english: tuple[str, str, str], russian: tuple[str, str, str]) -> PageText:
    words = {
        language: Words(title, summary, {"body": [text(html)]})
        for language, (title, summary, html) in {"en": english, "ru": russian}.items()
    }
    return PageText("ContentPage", slug, words, below="help")


ORDERING = _page(
    "ordering",
    (
        "How to order",
        "From the shelf to the confirmation, with or without an account.",
        "<ol><li>Put what you like into the basket. Where there are sizes, choose one first; the"
        " price changes with it.</li><li>Open the basket. Change quantities there, add a code if you"
        " have one, and see what delivery costs.</li><li>Go to the checkout. You need no account:"
        " an e-mail address is enough.</li><li>Say where the parcel goes and how it travels.</li>"
        "<li>Pay. You see the whole sum before.</li></ol><p>A confirmation comes by e-mail at once."
        " The link in it shows how far your order is, without signing in.</p><h2>To change"
        " something</h2><p>As long as the order is not packed, you can cancel it from that page"
        " yourself. Later, write to us.</p>",
    ),
    (
        "Как заказать",
        "От полки до подтверждения, с учётной записью или без неё.",
        "<ol><li>Положите в корзину то, что понравилось. Если есть размеры, сначала выберите размер:"
        " от него зависит цена.</li><li>Откройте корзину. Там можно изменить количество, ввести код"
        " и увидеть стоимость доставки.</li><li>Перейдите к оформлению. Учётная запись не нужна,"
        " достаточно адреса почты.</li><li>Укажите, куда и каким способом отправить посылку.</li>"
        "<li>Оплатите. Полную сумму вы увидите заранее.</li></ol><p>Подтверждение сразу придёт на"
        " почту. Ссылка в нём показывает, что с заказом, без входа на сайт.</p><h2>Изменить"
        " заказ</h2><p>Пока заказ не собран, его можно отменить на той же странице. Позже напишите"
        " нам.</p>",
    ),
)

PAYING = _page(
    "paying",
    (
        "How to pay",
        "By card or by bank transfer; what is stored and what is not.",
        "<h2>By card</h2><p>Your bank may ask you to confirm. The number of your card goes straight"
        " to the payment company; we never see it. If you wish, the card is kept there for next"
        " time, and you can remove it in your account.</p><h2>By bank transfer</h2><p>We keep your"
        " pieces for you and pack on the day the money arrives. Please give the order number.</p>"
        "<h2>If a payment fails</h2><p>Nothing is lost: your basket stays as it is, and you can try"
        " again or choose the other way.</p>",
    ),
    (
        "Как оплатить",
        "Картой или банковским переводом; что сохраняется, а что нет.",
        "<h2>Картой</h2><p>Банк может попросить подтвердить платёж. Номер карты уходит прямо в"
        " платёжную компанию, мы его не видим. Если хотите, карта сохранится там до следующего раза,"
        " удалить её можно в учётной записи.</p><h2>Банковским переводом</h2><p>Мы откладываем ваши"
        " товары и собираем заказ в день поступления денег. Укажите, пожалуйста, номер заказа.</p>"
        "<h2>Если платёж не прошёл</h2><p>Ничего не потеряно: корзина останется прежней, можно"
        " попробовать ещё раз или выбрать другой способ.</p>",
    ),
)

RETURNING = _page(
    "sending-back",
    (
        "How to send something back",
        "Thirty days, three steps, and when the money is there.",
        "<ol><li>Open the order in your account, or by the link in the confirmation, and choose what"
        " you send back and why.</li><li>We answer by mail, with a slip: print it and put it into"
        " the parcel.</li><li>Bring the parcel to the post within 14 days.</li></ol>"
        "<p>When it has arrived, a mail says so;"
        " your money follows within a week, the way it came. Points that were credited for these"
        " pieces are taken back, too.</p><p>Soap, creams and food we take back unopened, for the"
        " sake of whoever comes after you.</p>",
    ),
    (
        "Как вернуть покупку",
        "Тридцать дней, три шага, и когда придут деньги.",
        "<ol><li>Откройте заказ в учётной записи или по ссылке из подтверждения и выберите, что и"
        " почему возвращаете.</li><li>Мы ответим письмом с листом возврата: распечатайте его и"
        " вложите в посылку.</li><li>Отнесите посылку на почту в течение 14 дней.</li></ol>"
        "<p>Когда она дойдёт, вам придёт письмо;"
        " деньги вернутся тем же путём в течение недели. Начисленные за эти вещи баллы тоже"
        " снимаются.</p><p>Мыло, кремы и продукты принимаем невскрытыми, ради тех, кто придёт после"
        " вас.</p>",
    ),
)

POINTS = _page(
    "points",
    (
        "Points and recommendations",
        "What it means to be somebody's guest, and what members earn from.",
        "<h2>As a shopper</h2><p>If you came by a member's link, that member is named at the top of"
        " the page. You pay the same price as everybody. The member gets points for what you buy"
        " and keep.</p><h2>As a member</h2><p>Each product carries points (PV). They are credited"
        " when an order is paid and taken back when something is returned. What you earn follows"
        " from paid orders of your customers and your team, and from nothing else: enrolling"
        " somebody earns nothing.</p><h2>Where to see it</h2><p>In your cabinet every point names"
        " its order, and every amount explains itself.</p>",
    ),
    (
        "Баллы и рекомендации",
        "Что значит быть чьим-то гостем и за что дистрибьюторы получают вознаграждение.",
        "<h2>Если вы покупаете</h2><p>Если вы пришли по ссылке дистрибьютора, его имя стоит вверху"
        " страницы. Цена для вас та же, что для всех. Дистрибьютор получает баллы за то, что вы"
        " купили и оставили себе.</p><h2>Если вы дистрибьютор</h2><p>У каждого товара есть баллы"
        " (PV). Они начисляются, когда заказ оплачен, и снимаются при возврате. Вознаграждение"
        " возникает только из оплаченных заказов ваших клиентов и вашей структуры: за регистрацию"
        " людей не платят.</p><h2>Где это видно</h2><p>В кабинете у каждого балла указан заказ, а"
        " каждая сумма объясняет себя.</p>",
    ),
)

QUESTIONS = PageText(
    "FaqPage",
    "questions",
    {
        "en": Words(
            "Questions",
            "Answers about ordering, delivery, returns, products and membership.",
            {
                "intro": "What people ask us most, answered briefly.",
                "groups": [
                    group(
                        "Ordering and paying",
                        (
                            "Do I need an account?",
                            "<p>No. With one you see your orders in one place and need not type"
                            " your address again.</p>",
                        ),
                        (
                            "How can I pay?",
                            "<p>By card or by bank transfer. With a transfer we pack on the day your"
                            " money arrives.</p>",
                        ),
                        (
                            "Can I change my order?",
                            "<p>As long as it is not packed you can cancel it yourself. For anything"
                            " else write to us with the order number.</p>",
                        ),
                        (
                            "I have a code. Where does it go?",
                            "<p>Into the field in the basket. You see at once what it takes off.</p>",
                        ),
                    ),
                    group(
                        "Delivery and returns",
                        (
                            "How long does delivery take?",
                            "<p>Three to five working days, with express one to two.</p>",
                        ),
                        (
                            "What does it cost?",
                            "<p>€4.90, and nothing from an order of €60. Express costs €9.90.</p>",
                        ),
                        (
                            "How long may I send something back?",
                            "<p>Thirty days from the day it arrived. Soap, creams and food"
                            " unopened.</p>",
                        ),
                        (
                            "When do I get my money back?",
                            "<p>Within a week after the parcel has reached us, the way it came.</p>",
                        ),
                    ),
                    group(
                        "Products",
                        (
                            "Where do your things come from?",
                            "<p>From eleven workshops between Portugal and Latvia. The page of each"
                            " product names its own.</p>",
                        ),
                        (
                            "Are the ingredients complete?",
                            "<p>Yes, every one of them, in the order of their weight.</p>",
                        ),
                    ),
                    group(
                        "Members",
                        (
                            "What is a member?",
                            "<p>Somebody who recommends what they use themselves and earns a share"
                            " of what their customers buy.</p>",
                        ),
                        (
                            "Does anybody earn when I join?",
                            "<p>No. Points come from products that were sold and paid for.</p>",
                        ),
                    ),
                ],
            },
        ),
        "ru": Words(
            "Вопросы",
            "Ответы о заказе, доставке, возврате, товарах и дистрибьюторах.",
            {
                "intro": "О чём нас спрашивают чаще всего, коротко.",
                "groups": [
                    group(
                        "Заказ и оплата",
                        (
                            "Нужна ли учётная запись?",
                            "<p>Нет. С ней все заказы видны в одном месте и не нужно снова вводить"
                            " адрес.</p>",
                        ),
                        (
                            "Как можно оплатить?",
                            "<p>Картой или банковским переводом. При переводе мы собираем заказ в"
                            " день поступления денег.</p>",
                        ),
                        (
                            "Можно ли изменить заказ?",
                            "<p>Пока он не собран, его можно отменить самостоятельно. В остальных"
                            " случаях напишите нам, указав номер заказа.</p>",
                        ),
                        (
                            "У меня есть код. Куда его ввести?",
                            "<p>В поле в корзине. Вы сразу увидите, сколько он снимает.</p>",
                        ),
                    ),
                    group(
                        "Доставка и возврат",
                        (
                            "Сколько длится доставка?",
                            "<p>От трёх до пяти рабочих дней, экспресс один-два.</p>",
                        ),
                        (
                            "Сколько она стоит?",
                            "<p>4,90 €, при заказе от 60 € бесплатно. Экспресс стоит 9,90 €.</p>",
                        ),
                        (
                            "Сколько времени есть на возврат?",
                            "<p>Тридцать дней с получения. Мыло, кремы и продукты невскрытыми.</p>",
                        ),
                        (
                            "Когда вернутся деньги?",
                            "<p>В течение недели после того, как посылка дойдёт до нас, тем же"
                            " путём.</p>",
                        ),
                    ),
                    group(
                        "Товары",
                        (
                            "Откуда ваши вещи?",
                            "<p>Из одиннадцати мастерских от Португалии до Латвии. На странице"
                            " товара названа его мастерская.</p>",
                        ),
                        (
                            "Состав указан полностью?",
                            "<p>Да, до последнего, в порядке убывания веса.</p>",
                        ),
                    ),
                    group(
                        "Дистрибьюторы",
                        (
                            "Кто такой дистрибьютор?",
                            "<p>Тот, кто советует то, чем пользуется сам, и получает долю от покупок"
                            " своих клиентов.</p>",
                        ),
                        (
                            "Получает ли кто-нибудь деньги за мою регистрацию?",
                            "<p>Нет. Баллы происходят от проданных и оплаченных товаров.</p>",
                        ),
                    ),
                ],
            },
        ),
    },
)

PAGES = (DELIVERY, HELP, ORDERING, PAYING, RETURNING, POINTS, QUESTIONS)

"""Words of others, figures, and questions with answers."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from storefront.cms.blocks.preloading import PictureBlock

ANSWER_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class QuoteBlock(blocks.StructBlock):
    """What somebody said, in large letters."""

    quote = blocks.TextBlock(
        max_length=400,
        rows=3,
        label=_("Quote"),
        help_text=_("As it was said, without quotation marks. No promise of income or healing."),
    )
    name = blocks.CharBlock(required=False, max_length=80, label=_("Who said it"))
    role = blocks.CharBlock(
        required=False, max_length=80, label=_("What they do"), help_text=_("For example: potter")
    )
    portrait = PictureBlock(required=False, label=_("Portrait"))

    class Meta:
        icon = "openquote"
        label = _("Quote")
        group = _("Text and pictures")
        template = "cms/blocks/quote.html"
        preview_value = {
            "quote": _("I boil it the way my grandmother did, only with better olive oil."),
            "name": "Ada Lindqvist",
            "role": _("soap maker"),
        }


class NumbersBlock(blocks.StructBlock):
    """Up to four figures that say something."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    numbers = blocks.ListBlock(
        blocks.StructBlock(
            [
                (
                    "figure",
                    blocks.CharBlock(
                        max_length=12, label=_("Figure"), help_text=_("With its unit: 30 days")
                    ),
                ),
                ("label", blocks.CharBlock(max_length=80, label=_("What it counts"))),
            ],
            label=_("Figure"),
            icon="order",
        ),
        min_num=2,
        max_num=4,
        label=_("Figures"),
    )

    class Meta:
        icon = "order"
        label = _("Numbers")
        group = _("Text and pictures")
        template = "cms/blocks/numbers.html"
        preview_value = {
            "numbers": [
                {"figure": "11", "label": _("workshops")},
                {"figure": "30", "label": _("days to send something back")},
            ]
        }


class QuestionBlock(blocks.StructBlock):
    """One question and its answer."""

    question = blocks.CharBlock(max_length=200, label=_("Question"))
    answer = blocks.RichTextBlock(features=ANSWER_FEATURES, label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")


class QuestionsBlock(blocks.StructBlock):
    """Questions that open one by one."""

    heading = blocks.CharBlock(
        required=False, max_length=80, default=_("Questions and answers"), label=_("Heading")
    )
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, max_num=20, label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Questions")
        group = _("Text and pictures")
        template = "cms/blocks/questions.html"
        preview_value = {
            "heading": _("Questions and answers"),
            "questions": [
                {
                    "question": _("How long does delivery take?"),
                    "answer": _("<p>Three to five working days.</p>"),
                }
            ],
        }

"""Joins thumbnails into one picture per area and size, and writes the page that shows them."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.check_sheet.camera import LANGUAGES, MODES, SIZES, Thumbs
from tests.check_sheet.pages import AREAS, Shot

PAPER, INK, LINE = "#e9e9e6", "#22261f", "#b9bcb3"
GAP, CAPTION = 8, 24
# WebP cannot be higher.
HIGHEST = 16_000
CARDS_BESIDE = {"desk": 1, "phone": 2}
HEAD = """# Check sheet of all pages

Written by `make sheet` from the demo company: every page at {desk} and {phone} pixels, as far as a high
screen shows it. Beside each other: English light, English dark, Russian light, Russian dark. Look
through it before a release and after a change of the theme: what sticks out, cannot be read, or speaks
the wrong language?
"""

Taken = list[tuple[Shot, Thumbs]]


def join_thumbs(taken: Taken, *, size: str) -> Image.Image:
    """A sheet of all pages of an area at this size, each with a line above it."""
    (width, height), thumb_width = SIZES[size]
    thumb_height = round(height * thumb_width / width)
    columns = [(language, mode) for language in LANGUAGES for mode in MODES]
    card_width = len(columns) * (thumb_width + GAP) + GAP
    card_height = CAPTION + thumb_height + GAP
    beside = CARDS_BESIDE[size]
    rows = -(-len(taken) // beside)
    if rows * card_height > HIGHEST:
        raise ValueError(f"{len(taken)} pages are too many for one sheet: make two areas of it")
    sheet = Image.new("RGB", (beside * card_width, rows * card_height), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, (shot, thumbs) in enumerate(taken):
        left, top = number % beside * card_width, number // beside * card_height
        pen.text((left + GAP, top + 4), _caption(shot, size), fill=INK, font=font)
        for place, column in enumerate(columns):
            corner = (left + GAP + place * (thumb_width + GAP), top + CAPTION)
            sheet.paste(thumbs[size, *column], corner)
            end = (corner[0] + thumb_width, corner[1] + thumb_height)
            pen.rectangle((*corner, *end), outline=LINE)
    return sheet


def _caption(shot: Shot, size: str) -> str:
    text = f"{shot.name}   {shot.address}"
    return text if size == "desk" else text[:78]


def write_area(folder: Path, area: str, taken: Taken) -> None:
    """Both sheets of an area."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        sheet = join_thumbs(taken, size=size)
        sheet.save(folder / f"{area}-{size}.webp", "WEBP", quality=60, method=6)


def write_page(path: Path, shots: list[Shot]) -> None:
    """The page of the guide, with all areas, whichever were taken this time."""
    desk, phone = (SIZES[size][0][0] for size in ("desk", "phone"))
    parts = [HEAD.format(desk=desk, phone=phone)]
    for area, title in AREAS.items():
        pages = [shot for shot in shots if shot.area == area]
        rows = [f"| {shot.name} | {shot.who or 'a stranger'} |" for shot in pages]
        table = "\n".join(["| page | seen by |", "| --- | --- |", *rows])
        parts.append(
            f"## {title}\n\n"
            f"![{title}, {desk} pixels](sheet/{area}-desk.webp)\n\n"
            f"![{title}, {phone} pixels](sheet/{area}-phone.webp)\n\n"
            f"<details><summary>{len(pages)} pages</summary>\n\n{table}\n\n</details>\n"
        )
    path.write_text("\n".join(parts))

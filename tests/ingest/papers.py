"""Makes the files that tests read: PDF, sound, encrypted and without text; pictures of words."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas


def pdf(*pages: str, title: str = "", password: str | None = None) -> bytes:
    """A PDF with a page for each text; an empty text makes a page with a drawing only."""
    buffer = BytesIO()
    encryption = None if password is None else StandardEncryption(password, strength=128)
    canvas = Canvas(buffer, encrypt=encryption)
    canvas.setTitle(title)
    for page in pages:
        canvas.rect(50, 50, 200, 100)
        for number, line in enumerate(page.splitlines()):
            canvas.drawString(72, 750 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(*lines: str, size: int = 40) -> Image.Image:
    """A white page with these lines, an empty one between paragraphs."""
    page = Image.new("RGB", (1240, 60 + size * 2 * len(lines)), "white")
    font = ImageFont.load_default(size)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((80, 30 + size * 1.5 * number), line, "black", font)
    return page


def encoded(page: Image.Image, kind: str = "PNG", *others: Image.Image) -> bytes:
    """A picture as a file of this kind; further pages behind it in a TIFF."""
    buffer = BytesIO()
    page.save(buffer, kind, **({"save_all": True, "append_images": others} if others else {}))
    return buffer.getvalue()

"""Makes the PDF files that tests read: sound, cut off, encrypted and without text."""

from io import BytesIO

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

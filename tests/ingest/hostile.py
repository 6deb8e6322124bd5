"""Makes files that are meant to exhaust or confuse whoever reads them: bombs, loops, endless nesting; reads them."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from core.errors import RefusedDocument
from ingest import reading
from ingest.source import SourceFile

CONTENT_TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/%b" ContentType="application/vnd.openxmlformats-officedocument.%b.main+xml"/></Types>"""
RELATIONS = b"""<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="%b"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""
CONTAINER = b"""<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%b</w:body></w:document>'
LAUGHS = b"".join(
    [b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "laugh ">']
    + [b'<!ENTITY l%d "%b">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 12)]
    + [b"]>"]
)
PARTS = {
    "docx": ("word/document.xml", b"wordprocessingml.document"),
    "pptx": ("ppt/presentation.xml", b"presentationml.presentation"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet"),
}


def outcome(job: tuple[str, bytes], alive: Callable[[], None]) -> bytes:
    """What comes of reading a file of this name and content: `read`, or the code by which it is refused."""
    name, content = job
    try:
        reading.load(SourceFile(name, Path(name), content, alive=alive))
    except RefusedDocument as refusal:
        return refusal.code.encode()
    return b"read"


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, the catalogue first, with a sound table of their places."""
    content = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    ending = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    return bytes(content) + table + ending


def pdf_of_stream(operators: bytes, times: int = 1) -> bytes:
    """A PDF whose one page draws these operators so many times, packed."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(operators) for _ in range(times)) + packer.flush()
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream)


def pdf_of_nested_forms(depth: int) -> bytes:
    """A PDF whose page draws a form ten times, which draws another ten times, and so on."""
    forms = []
    for number in range(5, 5 + depth):
        head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % number
        forms.append(b"%b /Length 60 >>\nstream\n%b\nendstream" % (head, b"/X Do " * 10))
    page = b"<< /Type /Page /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /X 4 0 R >> >> >>"
    text = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 2 >>\nstream\nn \nendstream"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, *forms, text)


def pdf_of_pages(tree: bytes) -> bytes:
    """A PDF with this as the root of its page tree."""
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", tree)


def pdf_of_nested_pages(depth: int) -> bytes:
    """A PDF whose one page lies this deep in the tree of pages."""
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 3) for number in range(depth)]
    page = b"<< /Type /Page /MediaBox [0 0 612 792] >>"
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", *nodes, page)


def office(kind: str, main: bytes, **extra: bytes) -> bytes:
    """An office file whose main part is this; further members by name, `__` for a slash."""
    name, content_type = PARTS[kind]
    return archive(
        {
            "[Content_Types].xml": CONTENT_TYPES % (name.encode(), content_type),
            "_rels/.rels": RELATIONS % name.encode(),
            name: main,
        }
        | {member.replace("__", "/"): content for member, content in extra.items()}
    )


def epub(package: bytes, **chapters: bytes) -> bytes:
    """An EPUB with this package file and these chapters."""
    return archive(
        {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER, "content.opf": package}
        | {f"{name}.xhtml": content for name, content in chapters.items()}
    )


def archive(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def understated(packed: bytes, size: int) -> bytes:
    """An archive that says of its largest member that it unpacks to no more than so many bytes."""
    with ZipFile(BytesIO(packed)) as opened:
        true = max(member.file_size for member in opened.infolist())
    return packed.replace(struct.pack("<L", true), struct.pack("<L", size))


def png(width: int, height: int) -> bytes:
    """A small file that unpacks to a picture of this size."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body)) for kind, body in chunks
    )

"""Opens a zip out of bytes, safely: bombs, paths that lead out, encrypted and damaged archives are refused by name."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from core.errors import RefusedDocument

MOST_BYTES = 400_000_000  # of all members, unpacked
MOST_MEMBERS = 20_000
MOST_RATIO = 200  # of unpacked to packed, above FAIR_BYTES; text that people write stays under 50
FAIR_BYTES = 20_000_000
_MEMBER, _ENTRY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_GZIP = 31  # the window of zlib that reads gzip's head and end
_ENCRYPTED = 0x1  # bit of a member's flags
_OUTWARD = re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[A-Za-z]:")
_BOMB = "it unpacks to far more than its size: a decompression bomb"


def open_zip(content: bytes) -> ZipFile:
    """The archive; what unpacks from it is bounded. RefusedDocument when it can't be trusted or read."""
    archive = _opened(content)
    members = archive.infolist()
    for member in members:
        _check_member(member)
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES or _is_absurd(total, len(content)):
        raise RefusedDocument("bomb", _BOMB)
    return archive


def members(content: bytes) -> frozenset[str]:
    """The names of an archive's members; none when it is no sound archive. Cheap: nothing is unpacked."""
    if not content.startswith(_MEMBER) or content.count(_ENTRY) > MOST_MEMBERS:
        return frozenset()
    try:
        with ZipFile(BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return frozenset()


def read_member(archive: ZipFile, name: str) -> bytes:
    """What a member holds; RefusedDocument when it is missing or damaged."""
    try:
        return archive.read(name)
    except KeyError as error:
        raise RefusedDocument("corrupt", f"it is damaged: {name} is missing in it") from error
    except (BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise RefusedDocument("corrupt", f"it is damaged: {name} in it can't be unpacked") from error


def unpacked(content: bytes) -> bytes:
    """What a gzip file of one or more members holds; RefusedDocument when it is damaged, cut off or a bomb."""
    made: list[bytes] = []
    size = 0
    while content:
        stream = zlib.decompressobj(wbits=_GZIP)
        try:
            made.append(stream.decompress(content, MOST_BYTES + 1 - size))
        except zlib.error as error:
            raise RefusedDocument("corrupt", "it is damaged: it can't be unpacked") from error
        size += len(made[-1])
        if size > MOST_BYTES or _is_absurd(size, len(content)):
            raise RefusedDocument("bomb", _BOMB)
        if not stream.eof:
            raise RefusedDocument("cut_off", "it is cut off: the end of what is packed in it is missing")
        content = stream.unused_data
    return b"".join(made)


def refuse_doctypes(archive: ZipFile, names: Iterable[str]) -> None:
    """Refuse XML that declares a document type: entities that multiply or reach out are declared there."""
    for name in names:
        if _has_doctype(archive, name):
            raise RefusedDocument("bomb", f"{name} in it declares a document type, where XML bombs are hidden")


def _opened(content: bytes) -> ZipFile:
    if not content.startswith(_MEMBER):
        raise RefusedDocument("corrupt", "it is not of the format that its name says")
    # Each entry of the directory bears this mark: counting them needs no trust in what the archive says of itself.
    if content.count(_ENTRY) > MOST_MEMBERS:
        raise RefusedDocument("bomb", f"it holds more than {MOST_MEMBERS:,} files")
    try:
        return ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, NotImplementedError) as error:
        if _END not in content:
            raise RefusedDocument("cut_off", "it is cut off: its end is missing") from error
        raise RefusedDocument("corrupt", "it is damaged: its directory can't be read") from error


def _check_member(member: ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise RefusedDocument("encrypted", "it is encrypted: it opens only with a password")
    if _OUTWARD.search(member.orig_filename):
        raise RefusedDocument("bad_path", f"it holds a file whose path leads out of it: {member.orig_filename[:80]!r}")
    # Python unpacks these two in bounded steps; others are not used by documents.
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise RefusedDocument("corrupt", f"{member.filename[:80]} in it is packed in an unknown way")
    if _is_absurd(member.file_size, member.compress_size):
        raise RefusedDocument("bomb", _BOMB)


def _is_absurd(unpacked: int, packed: int) -> bool:
    return unpacked > FAIR_BYTES and unpacked > MOST_RATIO * packed


class _Found(Exception):
    """The document type or the first element was reached; the answer is its argument."""


def _has_doctype(archive: ZipFile, name: str) -> bool:
    """Whether a member is XML with a document type. Reads no further than its first element."""

    def reached(doctype: bool) -> None:
        raise _Found(doctype)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: reached(True)
    parser.StartElementHandler = lambda *_: reached(False)
    try:
        with archive.open(name) as member:
            while part := member.read(4096):
                parser.Parse(part)
    except _Found as found:
        return bool(found.args[0])
    except (expat.ExpatError, BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        return False  # no XML, or damaged: its reader will say so
    return False

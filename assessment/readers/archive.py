"""The parts of a zip archive: each taken out within a limit, and put together again without packing them.

The standard library reads the directory of an archive. Its own way with a single part takes twice as long as
the unpacking of that part, and a questionnaire has twenty small ones.

Source: APPNOTE.TXT 6.3 of PKWARE, sections 4.3.7 (before a part), 4.3.12 (directory) and 4.3.16 (end).
"""

from collections.abc import Iterator, Mapping
from struct import Struct
from zipfile import ZIP_STORED, BadZipFile, ZipInfo

from isal import isal_zlib

_BAD_BLOCK: type[Exception] = vars(isal_zlib)["IsalError"]
"""Its own types say that this is an exception and not a class."""
_BEFORE_PART = Struct("<4s5H3L2H")
_IN_DIRECTORY = Struct("<4s6H3L5H2L")
_AT_END = Struct("<4s4H2LH")
_VERSION = 20
_NAME_IN_UTF_8 = 0x800
_NO_TIME, _FIRST_DAY = 0, 0x21
"""Of every part that we write: midnight on 1 January 1980."""


def unpack_part(content: bytes, info: ZipInfo, most: int) -> bytes:
    """Take one part out of an archive, counting what really comes out.

    Args:
        content: the whole archive.
        info: what its directory says of the part; stored or deflated, not encrypted.
        most: how many bytes come out at most, whatever the directory says; one or more. A part that is so
            long may go on, and was not compared with what the directory says of it.

    Raises:
        BadZipFile, struct.error, ValueError, OverflowError: it is damaged, or not what the directory says.
    """
    mark, *_, name_size, extra_size = _BEFORE_PART.unpack_from(content, info.header_offset)
    name_starts = info.header_offset + _BEFORE_PART.size
    name = content[name_starts : name_starts + name_size]
    starts = name_starts + name_size + extra_size
    packed = memoryview(content)[starts : starts + info.compress_size]
    is_there = info.header_offset >= 0 and mark == b"PK\3\4" and len(packed) == info.compress_size
    if not is_there or name.decode(_encoding(info)) != info.orig_filename:
        raise BadZipFile(info.filename)
    part = bytes(packed[:most]) if info.compress_type == ZIP_STORED else _inflate(packed, most)
    whole = len(part) == info.file_size and isal_zlib.crc32(part) == info.CRC
    if len(part) < most and not whole:
        raise BadZipFile(info.filename)
    return part


def _inflate(packed: memoryview, most: int) -> bytes:
    try:
        return isal_zlib.decompressobj(-isal_zlib.MAX_WBITS).decompress(packed, most)
    except _BAD_BLOCK as error:
        raise BadZipFile(str(error)) from error


def _encoding(info: ZipInfo) -> str:
    return "utf-8" if info.flag_bits & _NAME_IN_UTF_8 else "cp437"


def put_together(parts: Mapping[str, bytes]) -> bytes:
    """Make an archive of parts, by name, each stored as it is; together less than 4 GB."""
    return b"".join(_write(parts))


def _write(parts: Mapping[str, bytes]) -> Iterator[bytes]:
    directory, place = [], 0
    for name, part in parts.items():
        written = name.encode()
        checksum, size = isal_zlib.crc32(part), len(part)
        moment = (_NO_TIME, _FIRST_DAY)
        facts = (_VERSION, _NAME_IN_UTF_8, ZIP_STORED, *moment, checksum, size, size, len(written), 0)
        before = _BEFORE_PART.pack(b"PK\3\4", *facts) + written
        directory.append(_IN_DIRECTORY.pack(b"PK\1\2", _VERSION, *facts, 0, 0, 0, 0, place) + written)
        yield from (before, part)
        place += len(before) + size
    yield from directory
    count = len(directory)
    yield _AT_END.pack(b"PK\5\6", 0, 0, count, count, sum(map(len, directory)), place, 0)

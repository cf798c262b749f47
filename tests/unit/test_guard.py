"""An archive of a stranger is unpacked within limits: each part as its directory says, or refused."""

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.readers import guard
from assessment.readers.guard import GuardedFile, guard_file

BOOK = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"<sheet/>" * 100}
NAMES = st.text("abcdefgh", min_size=1, max_size=8).map("xl/worksheets/{}.xml".format)
PARTS = st.dictionaries(NAMES, st.text("<>/abc 0", max_size=2_000).map(str.encode), max_size=6)
METHODS = st.sampled_from([ZIP_STORED, ZIP_DEFLATED])
IN_DIRECTORY = {"CRC": 16, "compress_size": 20, "file_size": 24, "header_offset": 42}
REFUSED = (NotAWorkbookError, UnsafeFileError)


def archive_of(parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def unpack(content: bytes) -> GuardedFile:
    return guard_file(content, "proef.xlsx")


@given(parts=PARTS, method=METHODS)
def test_every_part_with_cells_comes_out_as_it_went_in(parts: dict[str, bytes], method: int) -> None:
    assert unpack(archive_of(BOOK | parts, method)).parts == BOOK | parts


@given(parts=PARTS, place=st.integers(min_value=0), put=st.binary(min_size=1, max_size=4), method=METHODS)
def test_a_changed_byte_never_gives_another_part(
    parts: dict[str, bytes], place: int, put: bytes, method: int
) -> None:
    content = bytearray(archive_of(BOOK | parts, method))
    place %= len(content)
    content[place : place + len(put)] = put

    try:
        found = unpack(bytes(content))
    except REFUSED:
        return

    assert set(found.parts.values()) <= set((BOOK | parts).values())


def test_no_more_comes_out_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_UNPACKED", 10_000)

    with pytest.raises(UnsafeFileError, match="uitgepakt te groot"):
        unpack(archive_of(BOOK | {"xl/veel.xml": b"0" * 1_000_000}))


@pytest.mark.parametrize(
    ("said", "is_not_so"),
    [
        ("CRC", 0),
        ("file_size", 3),
        ("compress_size", 4),
        ("compress_size", 2**31),
        ("header_offset", 2),
        ("header_offset", 2**31),
    ],
)
def test_a_part_that_is_not_what_the_directory_says_is_refused(said: str, is_not_so: int) -> None:
    content = bytearray(archive_of(BOOK))
    struct.pack_into("<L", content, content.rindex(b"PK\1\2") + IN_DIRECTORY[said], is_not_so)

    with pytest.raises(REFUSED):
        unpack(bytes(content))


def test_a_part_with_another_name_than_the_directory_says_is_refused() -> None:
    content = archive_of(BOOK)
    place = content.rindex(b"sheet1")

    with pytest.raises(NotAWorkbookError, match="beschadigd"):
        unpack(content[:place] + b"sheet2" + content[place + 6 :])

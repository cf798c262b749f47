"""Parts of an archive come out as they went in, or not at all."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.readers.archive import put_together, unpack_part
from assessment.readers.guard import _ZIP_FAULTS

MOST = 10_000
NAMES = st.text(st.characters(categories=["L", "N", "P"], exclude_characters="/\\:"), min_size=1, max_size=20)
PARTS = st.dictionaries(NAMES, st.binary(max_size=2_000), max_size=6)
METHODS = st.sampled_from([ZIP_STORED, ZIP_DEFLATED])


def archive_of(parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def unpack_all(content: bytes, most: int = MOST) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        infos = archive.infolist()
    return {info.filename: unpack_part(content, info, most) for info in infos}


@given(parts=PARTS, method=METHODS)
def test_every_part_comes_out_as_it_went_in(parts: dict[str, bytes], method: int) -> None:
    assert unpack_all(archive_of(parts, method)) == parts


@given(parts=PARTS)
def test_what_is_put_together_is_an_archive_for_everybody(parts: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(put_together(parts))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == parts


@given(parts=PARTS, place=st.integers(min_value=0), put=st.binary(min_size=1, max_size=4), method=METHODS)
def test_a_changed_byte_never_gives_another_part(
    parts: dict[str, bytes], place: int, put: bytes, method: int
) -> None:
    content = bytearray(archive_of(parts, method))
    place %= len(content)
    content[place : place + len(put)] = put

    try:
        found = unpack_all(bytes(content))
    except _ZIP_FAULTS:  # what the guard tells as damaged
        return

    assert set(found.values()) <= set(parts.values())


def test_no_more_comes_out_than_may() -> None:
    content = archive_of({"veel.xml": b"0" * 1_000_000})

    assert unpack_all(content, most=MOST) == {"veel.xml": b"0" * MOST}


@pytest.mark.parametrize(
    ("said", "is_not_so"),
    [
        ("CRC", 0),
        ("file_size", 3),
        ("compress_size", 4),
        ("compress_size", 2**31),
        ("orig_filename", "anders.xml"),
        ("header_offset", 2),
        ("header_offset", -40),
    ],
)
def test_a_part_that_is_not_what_the_directory_says_is_refused(said: str, is_not_so: object) -> None:
    content = archive_of({"blad.xml": b"<sheet/>" * 100})
    with ZipFile(BytesIO(content)) as archive:
        info = archive.getinfo("blad.xml")
    setattr(info, said, is_not_so)

    with pytest.raises(BadZipFile):
        unpack_part(content, info, MOST)

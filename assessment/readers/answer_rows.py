"""Tables of answers, read in batches whatever their size: Parquet, CSV, and workbooks of people.

A plain CSV, where every line is a row, is parsed on all cores. One with quotes, or in other letters, is read
row by row through the door of every table, which tells what is wrong with it, or what it says.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from csv import reader
from io import BufferedReader
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from assessment.engine.answers import AnswerRows, Coded, code_rows
from assessment.errors import AnswerTableError, FileAccessError, describe_reason
from assessment.model.wording import tidy
from assessment.readers.delimited import find_separator
from assessment.readers.tables import ANSWER_COLUMNS, read_table, refuse_columns

_PARQUET, _CSV = ".parquet", ".csv"
_ROWS = 1 << 18
_BLOCK, _PIECE = 1 << 25, 1 << 20
_HEAD = 1 << 16
_UTF_8_MARK = b"\xef\xbb\xbf"
_TEXT = pa.dictionary(pa.int32(), pa.string())


class Stamp(NamedTuple):
    """By which a file is known not to be changed; the same on every machine that sees the file."""

    size: int
    changed: int


class AnswerFile(NamedTuple):
    """A table of answers: its rows, read from the start each time, and how the place of one of them is told.

    `stamp` is that of the file when it was first looked at: whoever reads it later, reads that. `groups`
    counts the parts that can be read by themselves; 0 where there is no such part. Reading raises
    FileAccessError when the file cannot be read, and AnswerTableError when it is no such table, is broken, or
    was changed since.
    """

    read: Callable[[], Iterator[AnswerRows]]
    describe_place: Callable[[int], str]
    stamp: Stamp
    groups: int = 0


class NotPlainError(Exception):
    """A CSV in which a line is not simply a row: what was read of it does not count."""


def open_answers(path: Path, *, plain: bool = True) -> AnswerFile:
    """Look at a table of answers.

    Args:
        path: Parquet by its name, else CSV, .xlsx or .ods.
        plain: whether a CSV may be read as lines; reading raises NotPlainError where it is more than that.

    Raises:
        FileAccessError: the file cannot be read.
        AnswerTableError: it is no Parquet, or its columns are missing, there twice, or hold no text.
    """
    with _refusing(path):
        stamp = _look_at(path)
    if path.suffix.lower() == _PARQUET:
        ends = _find_ends(path)
        groups = range(len(ends))
        return AnswerFile(
            lambda: read_row_groups(path, stamp, groups),
            lambda row: _describe_row(row, ends),
            stamp,
            len(groups),
        )
    read = _read_lines if plain and path.suffix.lower() == _CSV else _read_whole
    return AnswerFile(lambda: _watch(path, stamp, read(path)), "regel {}".format, stamp)


def read_row_groups(path: Path, stamp: Stamp, groups: Sequence[int]) -> Iterator[AnswerRows]:
    """Read some row groups of a Parquet file; a row is numbered from 0, from the first of these groups."""
    return _watch(path, stamp, _read_row_groups(path, groups))


def _read_row_groups(path: Path, groups: Sequence[int]) -> Iterator[AnswerRows]:
    first = 0
    with parquet.ParquetFile(path, read_dictionary=ANSWER_COLUMNS) as file:
        promised = sum(file.metadata.row_group(group).num_rows for group in groups)
        for batch in file.iter_batches(_ROWS, row_groups=list(groups), columns=list(ANSWER_COLUMNS)):
            yield _code_rows(batch, first)
            first += len(batch)
    if first != promised:
        raise _lying(path)


def _find_ends(path: Path) -> list[int]:
    """After how many rows each row group ends, of a file with the columns of answers."""
    with _refusing(path), parquet.ParquetFile(path) as file:
        schema, metadata = file.schema_arrow, file.metadata
        refuse_columns(path, schema.names, ANSWER_COLUMNS)
        odd = [name for name in ANSWER_COLUMNS if not _holds_text(schema.field(name).type)]
        if odd:
            kinds = ", ".join(f"{name} ({schema.field(name).type})" for name in odd)
            raise AnswerTableError(f"{path}: geen tekst in {kinds}. Bewaar deze kolommen als tekst.")
        sizes = [metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        if sum(sizes) != metadata.num_rows:
            raise _lying(path)
        return list(accumulate(sizes))


def _lying(path: Path) -> AnswerTableError:
    return AnswerTableError(
        f"{path}: hoeveel rijen er zijn, zegt het bestand op de ene plaats anders dan op de andere. "
        "Het is beschadigd; maak het opnieuw."
    )


def _holds_text(kind: pa.DataType) -> bool:
    """Whether a column holds texts, whole numbers, or nothing at all."""
    if pa.types.is_dictionary(kind):
        return _holds_text(kind.value_type)
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_null,
    )
    return any(test(kind) for test in tests)


def _describe_row(row: int, ends: Sequence[int]) -> str:
    group = bisect_right(ends, row)
    return f"rijgroep {group + 1}, rij {row - ([0, *ends][group]) + 1}"


def _read_lines(path: Path) -> Iterator[AnswerRows]:
    """Read a CSV of which every line is a row, block by block.

    Raises:
        NotPlainError: it is not; what was read before does not count.
    """
    with path.open("rb") as file:
        headings, separator = _read_headings(file)
        options = csv.ReadOptions(block_size=_PIECE, column_names=headings)
        shape = csv.ParseOptions(delimiter=separator, quote_char=False, ignore_empty_lines=False)
        kinds = dict.fromkeys(ANSWER_COLUMNS, _TEXT)
        texts = csv.ConvertOptions(
            include_columns=ANSWER_COLUMNS, column_types=kinds, strings_can_be_null=False
        )
        first = 2
        for block in _read_blocks(file):
            for batch in _parse(block, options, shape, texts).to_batches():
                yield _code_rows(batch, first)
                first += len(batch)


def _parse(
    block: bytes, options: csv.ReadOptions, shape: csv.ParseOptions, texts: csv.ConvertOptions
) -> pa.Table:
    try:
        return csv.read_csv(pa.BufferReader(block), options, shape, texts)
    except pa.ArrowInvalid as error:
        raise NotPlainError from error


def _read_headings(file: BufferedReader) -> tuple[list[str], str]:
    """The columns on the first line, and what separates them; the file stands at the second line after."""
    line = file.readline(_HEAD).removeprefix(_UTF_8_MARK)
    if b"\r" in line.removesuffix(b"\r\n") or b"\0" in line:
        raise NotPlainError
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise NotPlainError from error
    separator = find_separator(text, ANSWER_COLUMNS)
    headings = [tidy(cell) for cell in next(reader([text], delimiter=separator), [])]
    if not set(ANSWER_COLUMNS) <= set(headings) or len(set(headings)) < len(headings):
        raise NotPlainError
    return headings, separator


def _read_blocks(file: BufferedReader) -> Iterator[bytes]:
    """The rest of a file in blocks of whole lines, as long as each line end in it ends a row.

    Raises:
        NotPlainError: it holds a quote, a null, or a return that ends no line.
    """
    while block := file.read(_BLOCK) + file.readline():
        if b'"' in block or b"\0" in block or block.count(b"\r") != block.count(b"\r\n"):
            raise NotPlainError
        yield block


def _read_whole(path: Path) -> Iterator[AnswerRows]:
    """Read a table of any kind as one batch."""
    table = read_table(path, ANSWER_COLUMNS)
    yield code_rows(table, table["line"].to_numpy())


def _code_rows(batch: pa.RecordBatch, first: int) -> AnswerRows:
    house, question, option = map(_code, batch.columns)
    return AnswerRows(house, question, option, np.arange(first, first + len(batch)))


def _code(column: pa.Array) -> Coded:
    """A column with each text once, without the spaces around it; what is not there is an empty text."""
    if not pa.types.is_dictionary(column.type) or len(column.dictionary) > len(column):
        column = column.cast(pa.string()).dictionary_encode()
    texts = [(text or "").strip() for text in column.dictionary.cast(pa.string()).to_pylist()]
    codes = column.indices.cast(pa.int32())
    if column.null_count:
        codes = codes.fill_null(len(texts))
        texts.append("")
    return Coded(texts, codes.to_numpy(zero_copy_only=False))


def _watch(path: Path, stamp: Stamp, batches: Iterator[AnswerRows]) -> Iterator[AnswerRows]:
    """Give what is read, unless the file is not what it was when it was first looked at."""
    with _refusing(path):
        _refuse_changed(path, stamp)
        yield from batches
        _refuse_changed(path, stamp)


def _refuse_changed(path: Path, stamp: Stamp) -> None:
    if _look_at(path) != stamp:
        raise AnswerTableError(
            f"{path}: veranderd terwijl het werd gelezen. Probeer het opnieuw als het klaar is."
        )


def _look_at(path: Path) -> Stamp:
    stat = path.stat()
    return Stamp(stat.st_size, stat.st_mtime_ns)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Tell in Dutch why a file cannot be read; a library has no errno where the fault is in the file."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise FileAccessError(
                f"{path}: kan het bestand niet lezen ({describe_reason(error)})."
            ) from error
        raise AnswerTableError(
            f"{path}: geen tabel in Parquet, of het bestand is beschadigd. Maak het opnieuw."
        ) from error

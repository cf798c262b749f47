"""Measures how many receipts hold all that the file had: `python -m tests.measure_receipts FOLDER…`.

Each .xlsx, .xlsm and .ods in the folders gets the receipt that it would get when it is checked: an .xlsx is
marked, the others get a separate one. Whether a marked file holds everything is looked up here in another way
than the service does: the parts by what refers to them, and the elements of every sheet by name, counted.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from assessment.errors import UserError
from assessment.readers.isolation import ReaderPool
from assessment.readers.workbook import read_spreadsheet
from assessment.service.reading import make_marked_receipt
from assessment.writers.receipt import NO_XLSX, ReceiptSheet, make_separate_receipt

_KIND = re.compile(rb"""\bType=["'][^"']*/([\w-]+)["']""")
_ELEMENT = re.compile(rb"<(?:\w+:)?(\w+)(?!/>|></| />|[^>]* count=.0)[\s/>]")
"""An element that says something: not one that is empty, or a list of nothing."""
_BY_WHO_SAVES = {
    f"part {kind}"
    for kind in ("calcChain", "extended-properties", "core-properties", "thumbnail", "sharedStrings")
}
_NOT_COUNTED = re.compile(
    r"c|v|f|t|is|r|rPr|row|col|cols|b|i|u|sz|color|rFont|family|scheme|charset|vertAlign|strike|outline|shadow"
    r"|selection|AlternateContent|Choice|phoneticPr|dimension|sheetPr|sheetFormatPr|legacyDrawing"
    r"|conditionalFormatting|headerFooter|pageSetUpPr|outlinePr|condense|extend|sheetCalcPr"
)
"""Elements that every program writes its own way, and those of cells: the service compares what they say."""
_MARKED, _MEASURED = ".xlsx", {".xlsx", ".xlsm", ".ods"}
_RECEIPT = ReceiptSheet(["Bestand: meting.xlsx"])


def main(folders: Iterable[str]) -> None:
    """Mark every file and print what became of them."""
    paths = sorted({path for folder in folders for path in Path(folder).rglob("*") if _is_measured(path)})
    pool, found = ReaderPool(1), Counter[str]()
    for path in paths:
        outcome, lacking = _measure(path, pool)
        found[outcome] += 1
        if lacking:
            sys.stdout.write(f"{path}: {dict(lacking)}\n")
    pool.close()
    for outcome, count in found.most_common():
        sys.stdout.write(f"{count:6}  {outcome}\n")
    sys.stdout.write(f"{len(paths):6}  files\n")


def _is_measured(path: Path) -> bool:
    return path.suffix.lower() in _MEASURED and path.is_file()


def _measure(path: Path, pool: ReaderPool) -> tuple[str, Counter[str]]:
    """What became of a file, and what its marked receipt lacks."""
    content, nothing = path.read_bytes(), Counter[str]()
    try:
        pool.submit(path.name, read_spreadsheet, content, path.name).result()
    except UserError:
        return "not read: refused with a sentence", nothing
    if path.suffix.lower() != _MARKED:
        pool.submit(path.name, make_separate_receipt, _RECEIPT, NO_XLSX).result()
        return f"separate: read, but a {path.suffix.lower()} is never marked", nothing
    try:
        receipt = pool.submit(path.name, make_marked_receipt, content, _RECEIPT).result()
    except UserError:
        return "separate: the library that marks cannot open it", nothing
    if not receipt.marked:
        return "separate: something would get lost", nothing
    lacking = Counter(_list_pieces(content)) - Counter(_list_pieces(receipt.content))
    return ("marked, but lacks something" if lacking else "marked: holds everything"), lacking


def _list_pieces(content: bytes) -> Iterator[str]:
    """Each part by what refers to it, and each element of a sheet by its name."""
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".rels"):
                kinds = {f"part {kind.decode()}" for kind in _KIND.findall(archive.read(name))}
                yield from kinds - _BY_WHO_SAVES
            if "worksheets/" in name and name.endswith(".xml"):
                names = (each.decode() for each in _ELEMENT.findall(archive.read(name)))
                yield from (f"element {each}" for each in names if not _NOT_COUNTED.fullmatch(each))


if __name__ == "__main__":
    main(sys.argv[1:])

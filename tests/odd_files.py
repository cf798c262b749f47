"""Files as houses and others send them, each made on purpose, with what must become of it."""

import csv
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

FILES = Path(__file__).with_name("files")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)

Change = Callable[[Workbook], object]
Parts = dict[str, bytes]


class OddFile(NamedTuple):
    """A file, whether it must be stored as it is, and words that its message or receipt must hold."""

    name: str
    content: bytes
    stored: bool
    told: str


def list_odd_files(blank: bytes, police: bytes, table: bytes) -> Iterator[OddFile]:
    """Every kind of file, made from empty questionnaires: of the house, of the police, and as CSV."""
    yield from _list_forgiven(blank, police, table)
    yield from _list_asked(blank)
    yield from _list_faults(blank)
    yield from _list_other_formats(blank)
    yield from _list_hostile(blank)
    yield from _list_other_addresses(blank)


def make_slow_file() -> bytes:
    """A workbook within every limit that keeps a reader busy until it is stopped: 480,000 numbers."""
    numbers = [f'<t:table-cell o:value-type="float" o:value="{number}"/>' for number in range(480_000)]
    rows = ("".join(numbers[first : first + 120]) for first in range(0, len(numbers), 120))
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("o", "office"), ("t", "table"))
    )
    table = "".join(f"<t:table-row>{row}</t:table-row>" for row in rows)
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (
                f"<o:document-content {names}><o:body><o:spreadsheet>"
                f'<t:table t:name="POS">{table}</t:table></o:spreadsheet></o:body></o:document-content>'
            ).encode(),
        }
    )


def _list_forgiven(blank: bytes, police: bytes, table: bytes) -> Iterator[OddFile]:
    changes: dict[str, tuple[Change, str]] = {
        "gewoon": (_answer(LOS="Ja, voor alle"), "1 van 120"),
        "bladen-hernoemd": (_rename_sheets, "1 van 120"),
        "bladen-verplaatst": (lambda book: book.move_sheet("POS", 5), "0 van 120"),
        "blad-verborgen": (_hide_sheet, "0 van 120"),
        "rijen-omgekeerd": (_turn_rows_around, "1 van 120"),
        "rijen-ingevoegd": (_insert_rows(6), "0 van 120"),
        "lege-rijen-boven": (_insert_rows(1), "0 van 120"),
        "kantlijn": (_put("LOS", {"H5": "navragen bij de OvJ", "H40": "einde"}), "0 van 120"),
        "eigen-blad": (_add_own_sheet, "0 van 120"),
        "hoofdletters": (_put("LOS", {"D5": " JA,  voor  ALLE "}), "1 van 120"),
        "aanhalingstekens": (_put("LOS", {"D5": "“Ja – voor alle”"}), "1 van 120"),
        "letter": (_put("LOS", {"D5": "a", "D6": "B)", "D7": "c. "}), "3 van 120"),
        "nummer-anders-getypt": (_put("LOS", {"A5": "los – 1.1 ", "D5": "a"}), "1 van 120"),
        "spookcellen": (_colour_far_cell, "0 van 120"),
        "dubbel-gelijk": (_put("LOS", {"A60": "LOS-1.1"}), "1 dubbel"),
        "bewust-anders-hernoemd": (_rename_deviations, "1 bewust anders"),
        "breed-samengevoegd": (_merge("LOS", "D5:F5", "Ja, voor alle"), "1 van 120"),
        "formuletekens": (_put("LOS", {"E5": "=1+1?", "E6": "-5 dagen", "F6": "@verslag"}), "0 van 120"),
    }
    for name, (change, told) in changes.items():
        yield OddFile(f"{name}.xlsx", _changed(blank, change), stored=True, told=told)
    good = _changed(blank, _answer(LOS="Nee"))
    note = "macro's"
    yield OddFile("macro.xlsm", _with_parts(good, {"xl/vbaProject.bin": b"VBA"}), stored=True, told=note)
    linked = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    yield OddFile("koppeling.xlsx", _with_parts(good, linked), stored=True, told="verwijst naar andere")
    yield OddFile(
        "foto-erin.xlsx", _with_parts(good, {"xl/media/image1.png": b"png"}), stored=True, told="plaatjes"
    )
    shared = {"customXml/item1.xml": b"<p/>"}
    yield OddFile("sharepoint.xlsx", _with_parts(good, shared), stored=True, told="1 van 120")
    yield OddFile("politie.xlsx", police, stored=True, told="0 van 120")
    text = table.decode("utf-8-sig").replace("LOS-1.1;", "los-1.1;")
    yield OddFile("tabel.csv", text.encode(), stored=True, told="0 van 120")
    yield OddFile("tabel-windows.csv", _with_accent(text).encode("cp1252"), stored=True, told="1 van 120")
    yield OddFile("tabel-utf16.csv", (text + "\n").encode("utf-16"), stored=True, told="0 van 120")
    yield OddFile("tabel-komma.csv", _with_commas(text), stored=True, told="0 van 120")
    computed = _with_parts(blank, {"xl/worksheets/sheet3.xml": _computed_answer(blank)})
    yield OddFile("formule-met-uitkomst.xlsx", computed, stored=True, told="1 van 120")


def _list_asked(blank: bytes) -> Iterator[OddFile]:
    changes: dict[str, tuple[Change, str]] = {
        "bsn": (_put("LOS", {"E5": "gaat over 123456782"}), "burgerservicenummer"),
        "telefoon": (_put("LOS", {"E5": "bel 06-12345678"}), "telefoonnummer"),
        "mail": (_put("LOS", {"F5": "piet@gmail.com"}), "e-mailadres"),
        "mail-in-kantlijn": (_put("LOS", {"H5": "piet@gmail.com"}), "e-mailadres"),
        "rij-weg": (lambda book: book["LOS"].delete_rows(5), "die niet in het bestand staan: LOS-1.1"),
        "blad-weg": (lambda book: book.remove(book["KAD"]), "ragen van thema KAD"),
        "andere-uitgave": (_identity("sha256", "0" * 64), "sinds het downloaden veranderd"),
        "deel-van-de-lijst": (_identity("frameworks", "politie/1.0"), "emaakt voor politie/1.0"),
    }
    for name, (change, told) in changes.items():
        yield OddFile(f"vraag-{name}.xlsx", _changed(blank, change), stored=False, told=told)


def _list_faults(blank: bytes) -> Iterator[OddFile]:
    changes: dict[str, tuple[Change, str]] = {
        "geen-keuze": (_put("LOS", {"D5": "ja, deels"}), "cel D5: 'ja, deels' is geen keuze bij LOS-1.1"),
        "bijna-goed": (_put("LOS", {"D5": "Ja, voor ale"}), "Bedoelt u 'Ja, voor alle'?"),
        "getal": (_put("LOS", {"D5": 3}), "cel D5: '3' is geen keuze"),
        "foutcel": (_put("LOS", {"D5": "#N/A"}), "cel D5: bij LOS-1.1 staat een foutmelding"),
        "formule": (_put("LOS", {"D5": "=A1"}), "cel D5: bij LOS-1.1 staat een formule zonder uitkomst"),
        "samengevoegd": (_merge("LOS", "D5:D6", "Nee"), "cel D6: de cel van LOS-1.2 is samengevoegd"),
        "onbekend-nr": (_put("LOS", {"A5": "LOS-99.1", "D5": "Nee"}), "'LOS-99.1' is geen nr."),
        "dubbel": (_put("LOS", {"A60": "LOS-1.1", "D60": "Nee", "D5": "a"}), "LOS-1.1 staat er vaker in"),
        "zonder-nr": (_put("LOS", {"E60": "hier verder"}), "cel E60: hier staat 'hier verder'"),
        "op-de-kopregel": (_put_beside_heading, "dit is de kopregel van LOS-1"),
        "kopregel-weg": (lambda book: book["LOS"].delete_rows(3), "zonder de kopregel"),
        "onmogelijke-datum": (_deviate(-1e300), "'#####' is geen datum"),
        "half-anders": (_put("Bewust anders", {"C4": "zo afgesproken"}), "mist Akkoord van en Tot en met"),
        "geen-datum": (_deviate("volgend jaar"), "'volgend jaar' is geen datum"),
        "anders-bij-harde-norm": (_deviate_from_hard_norm, "dat is een harde norm"),
    }
    for name, (change, told) in changes.items():
        yield OddFile(f"fout-{name}.xlsx", _changed(blank, change), stored=False, told=told)


def _list_other_formats(blank: bytes) -> Iterator[OddFile]:
    rights = OLE + "DRMEncryptedTransform".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le")
    contents = {
        "oud.xls": ((FILES / "oud.xls").read_bytes(), "oud Excel-bestand"),
        "oud-met-andere-naam.xlsx": ((FILES / "oud.xls").read_bytes(), "oud Excel-bestand"),
        "wachtwoord.xlsx": ((FILES / "wachtwoord.xlsx").read_bytes(), "beveiligd met een wachtwoord"),
        "wachtwoord.ods": ((FILES / "wachtwoord.ods").read_bytes(), "beveiligd met een wachtwoord"),
        "rechten.xlsx": (rights, "rechtenbeheer"),
        "label.pfile": (b".pfile" + bytes(100), "vertrouwelijkheidslabel"),
        "oud-word.doc": (OLE + "WordDocument".encode("utf-16-le"), "oud Word-document"),
        "onbekend.ole": (OLE, "geen werkmap"),
        "brief.docx": (zipped({"word/document.xml": b"<d/>"}), "Word-document"),
        "praatje.xlsx": (zipped({"ppt/presentation.xml": b"<p/>"}), "PowerPoint"),
        "binair.xlsb": (zipped({"xl/workbook.bin": b"x"}), "binaire Excel-werkmap"),
        "iphone.numbers": (zipped({"Index/Document.iwa": b"x"}), "Numbers"),
        "map.zip": (zipped({"vragenlijst.xlsx": blank}), "Pak hem uit"),
        "iets.zip": (zipped({"a.txt": b"x"}), "geen werkmap"),
        "foto.xlsx": (b"\xff\xd8\xff\xe0" + bytes(50), "foto"),
        "scan.pdf": (b"%PDF-1.7 ...", "pdf"),
        "pagina.xls": (b"<html><table><tr><td>Nr.</td></tr></table></html>", "webpagina"),
        "xml2003.xml": (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "oude XML-vorm",
        ),
        "leeg.xlsx": (b"", "leeg"),
        "~$gewoon.xlsx": (b"\x05Piet" + bytes(160), "tijdelijke bestand"),
        "notitie.csv": (b"boodschappen;melk\nbrood;kaas\n", "geen vragenlijst van Kaderscan"),
        "andere-werkmap.xlsx": (_other_workbook(), "geen vragenlijst van Kaderscan"),
        "willekeurig.xlsx": (bytes(range(255, 0, -1)) * 12, "niet te lezen"),
    }
    for name, (content, told) in contents.items():
        yield OddFile(name, content, stored=False, told=told)


def _list_hostile(blank: bytes) -> Iterator[OddFile]:
    sheet = unzip(blank)["xl/worksheets/sheet3.xml"]
    far = b'<c r="XFD1048576" t="inlineStr"><is><t>ver</t></is></c>'
    million = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 300_000, 7))
    wrong = b'<row r="20000"><c r="XFD20000" t="e"></c></row>'
    dtd = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet.split(b"?>", 1)[1]
    contents = {
        "afgekapt.xlsx": (blank[: len(blank) // 2], "beschadigd"),
        "afgekapte-xml.xlsx": (_with_parts(blank, {"xl/worksheets/sheet3.xml": sheet[:900]}), "beschadigd"),
        "te-groot.xlsx": (blank + bytes(11 * 2**20), "groter dan 10 MB"),
        "veel-delen.xlsx": (_with_parts(blank, {f"xl/x{n}.bin": b"" for n in range(2100)}), "meer dan 2000"),
        "bom.xlsx": (_with_parts(blank, {"xl/media/nul.bin": bytes(9 * 2**20)}), "sterk ingepakt"),
        "bom-die-liegt.xlsx": (_with_false_size(blank), "samen groter dan het bestand"),
        "over-elkaar.xlsx": (_with_overlap(blank), "samen groter dan het bestand"),
        "verre-foutcel.xlsx": (_with_cells(blank, wrong), "in cel XFD20000"),
        "breed.csv": (b"Nr.;Antwoord\n" * 9_000 + b";" * 4_000, "of 702 kolommen"),
        "entiteiten.xlsx": (_with_parts(blank, {"xl/worksheets/sheet3.xml": dtd}), "documenttype"),
        "buiten-de-map.xlsx": (_with_parts(blank, {"../../etc/passwd": b"x"}), "buiten het bestand"),
        "twee-keer.xlsx": (_with_parts(blank, {"XL/workbook.xml": b"<x/>"}), "heten hetzelfde"),
        "verre-cel.xlsx": (_with_cells(blank, b'<row r="1048576">' + far + b"</row>"), "XFD1048576"),
        "veel-rijen.xlsx": (_with_cells(blank, million), "ver buiten de vragenlijst"),
        "utf16-die-liegt.xlsx": (
            _with_parts(blank, {"xl/worksheets/sheet3.xml": sheet.decode().encode("utf-16")}),
            "bewaar het opnieuw als .xlsx",
        ),
        "versleuteld-deel.xlsx": (_with_flag(blank), "versleuteld"),
        "woordenbom.xlsx": (_string_bomb(blank), "niet gelezen"),
        "rijenbom.ods": (_row_bomb(), "ver buiten de vragenlijst"),
    }
    for name, (content, told) in contents.items():
        yield OddFile(name, content, stored=False, told=told)


def _list_other_addresses(blank: bytes) -> Iterator[OddFile]:
    changes = {
        "onbekend-huis": (_identity("house_id", "atlantis"), "Huis 'atlantis' staat niet in het register"),
        "onbekende-ronde": (_identity("round_id", "1999"), "Ronde '1999' bestaat niet"),
        "wie": (_identity("perspective", "OM"), "vraagt geen antwoorden van 'OM'"),
        "onbekende-versie": (_identity("frameworks", "politie/0.1"), "gemaakt voor politie/0.1"),
        "paspoort-weg": (lambda book: book.remove(book["kaderscan"]), "zegt niet voor welk huis"),
        "slinkse-versie": (_identity("frameworks", "../../geheim/1.0"), "gemaakt voor ../../geheim/1.0"),
    }
    for name, (change, told) in changes.items():
        yield OddFile(f"adres-{name}.xlsx", _changed(blank, change), stored=False, told=told)


def _changed(content: bytes, change: Change) -> bytes:
    book = load_workbook(BytesIO(content))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(sheet: str, cells: Mapping[str, str | float]) -> Change:
    def change(book: Workbook) -> None:
        for address, value in cells.items():
            book[sheet][address] = value
            if isinstance(value, str) and value.endswith("?"):
                book[sheet][address].data_type = "s"

    return change


def _answer(**answers: str) -> Change:
    """The first question of each of these sheets gets an answer."""

    def change(book: Workbook) -> None:
        for sheet, answer in answers.items():
            book[sheet]["D5"] = answer

    return change


def _rename_sheets(book: Workbook) -> None:
    _answer(LOS="Ja, voor alle")(book)
    for sheet in book.worksheets:
        sheet.title = f"{sheet.title} (Jan)"[:31]


def _hide_sheet(book: Workbook) -> None:
    book["KAD"].sheet_state = "hidden"


def _turn_rows_around(book: Workbook) -> None:
    """Put the questions of a criterion in the opposite order."""
    sheet = book["LOS"]
    sheet["D5"] = "Ja, voor alle"
    rows = [[cell.value for cell in row] for row in sheet["A5:F7"]]
    for row, values in zip(sheet["A5:F7"], reversed(rows), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def _insert_rows(before: int) -> Change:
    def change(book: Workbook) -> None:
        sheet = book["LOS"]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(before, 3)

    return change


def _add_own_sheet(book: Workbook) -> None:
    sheet = book.create_sheet("Onze planning", 0)
    sheet["A1"], sheet["B2"] = "Nr.", "overleg op dinsdag"


def _colour_far_cell(book: Workbook) -> None:
    book["LOS"]["D1048576"].fill = PatternFill("solid", fgColor="FFFF00")


def _rename_deviations(book: Workbook) -> None:
    _deviate("31-12-2027")(book)
    book["Bewust anders"].title = "Onze keuzes"


def _deviate(until: str | float) -> Change:
    return _put("Bewust anders", {"C4": "zo afgesproken", "D4": "stuurgroep", "E4": until})


def _deviate_from_hard_norm(book: Workbook) -> None:
    _deviate("31-12-2027")(book)
    book["Bewust anders"]["A4"] = "POS-3"


def _put_beside_heading(book: Workbook) -> None:
    sheet = book["LOS"]
    (title,) = (each for each in sheet.merged_cells.ranges if "B4" in each)
    sheet.unmerge_cells(str(title))
    sheet["D4"] = "Nee"


def _merge(sheet: str, cells: str, value: str) -> Change:
    def change(book: Workbook) -> None:
        book[sheet].merge_cells(cells)
        book[sheet][cells.split(":", maxsplit=1)[0]] = value

    return change


def _identity(name: str, value: str) -> Change:
    def change(book: Workbook) -> None:
        row = next(row for row in book["kaderscan"].iter_rows(max_col=2) if row[0].value == name)
        row[1].value = value

    return change


def _other_workbook() -> bytes:
    book = Workbook()
    book.create_sheet("Begroting")["A1"] = "Bedrag"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _with_accent(text: str) -> str:
    """The table with one answer and an explanation that old Windows letters write otherwise."""
    return "\r\n".join(
        re.sub(r";;;;([^;]*)$", r";a;geëvalueerd;;\1", line) if line.startswith("los-1.1;") else line
        for line in text.splitlines()
    )


def _with_commas(text: str) -> bytes:
    lines = csv.reader(text.splitlines(), delimiter=";")
    stream = StringIO(newline="")
    csv.writer(stream).writerows(lines)
    return stream.getvalue().encode()


def unzip(content: bytes) -> Parts:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _with_parts(content: bytes, added: Mapping[str, bytes]) -> bytes:
    return zipped(unzip(content) | dict(added))


def _with_cells(content: bytes, rows: bytes) -> bytes:
    """Rows added at the end of a sheet."""
    sheet = unzip(content)["xl/worksheets/sheet3.xml"].replace(b"</sheetData>", rows + b"</sheetData>")
    return _with_parts(content, {"xl/worksheets/sheet3.xml": sheet})


def _computed_answer(content: bytes) -> bytes:
    """The sheet with a formula that has a stored outcome in the cell of LOS-1.1."""
    sheet = unzip(content)["xl/worksheets/sheet3.xml"]
    start = sheet.index(b'<c r="D5"')
    end = sheet.index(b"/>", start) + 2
    return sheet[:start] + b'<c r="D5" t="str"><f>A1</f><v>Ja, voor alle</v></c>' + sheet[end:]


def _with_flag(content: bytes) -> bytes:
    """An archive whose first part says in the list of parts that it is encrypted."""
    place = content.index(b"PK\x01\x02") + 8
    flags = struct.unpack_from("<H", content, place)[0] | 1
    return content[:place] + struct.pack("<H", flags) + content[place + 2 :]


def _with_false_size(content: bytes) -> bytes:
    """An archive with a bomb that is said to be as large packed as unpacked."""
    bomb = _with_parts(content, {"xl/media/nul.bin": bytes(9 * 2**20)})
    place = bomb.rindex(b"PK\x01\x02") + 20
    return bomb[:place] + struct.pack("<L", 2**31) + bomb[place + 4 :]


def _with_overlap(content: bytes) -> bytes:
    """An archive that names one part many times, each time with another name."""
    stream = BytesIO(content)
    with ZipFile(stream, "a") as archive:
        archive.writestr("xl/echt.xml", sha256(content).digest() * 10, ZIP_STORED)
        for number in range(400):
            again = copy(archive.getinfo("xl/echt.xml"))
            again.filename = again.orig_filename = f"xl/nog-eens-{number}.xml"
            archive.filelist.append(again)
    return stream.getvalue()


def _string_bomb(content: bytes) -> bytes:
    """One long text that many cells share: little to unpack, very much to read."""
    parts = unzip(content)
    noise = b"".join(sha256(str(n).encode()).hexdigest().encode() for n in range(46_000))
    strings = parts["xl/sharedStrings.xml"].replace(b"</sst>", b"<si><t>" + noise + b"</t></si></sst>")
    place = strings.count(b"<si>") - 1
    rows = b"".join(
        b'<row r="%d"><c r="H%d" t="s"><v>%d</v></c></row>' % (row, row, place) for row in range(200, 1200)
    )
    return _with_cells(_with_parts(content, {"xl/sharedStrings.xml": strings}), rows)


def _row_bomb() -> bytes:
    """A table of one filled row, repeated a million times over sixteen thousand columns."""
    parts = unzip((FILES / "klaverlo.ods").read_bytes())
    row = (
        b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        b'table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p>'
        b"</table:table-cell></table:table-row>"
    )
    place = parts["content.xml"].index(b"</table:table>")
    return zipped(parts | {"content.xml": parts["content.xml"][:place] + row + parts["content.xml"][place:]})

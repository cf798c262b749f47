"""Every kind of pdf for who cannot see it: the tree by which a screen reader walks, as the file has it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject, StreamObject

from assessment.model.document import Document
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.tables.delivery import compose_delivery
from assessment.tables.joint_agenda import compose_joint_agenda
from assessment.tables.national import compose_national
from assessment.tables.plan_document import compose_partners, compose_plan
from assessment.writers.pdf import write_pdf
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what is written, not where it is kept

KINDS = ("plan of most", "plan of none", "partners", "delivery card", "national", "joint agenda")
_SHOWS_TEXT = {b"Tj", b"TJ", b"'", b'"'}
_BEGINS, _ENDS = {b"BDC", b"BMC"}, b"EMC"


@dataclass
class Tag:
    """A node of the tree: its name, what is said of it, the pieces of text under it, its children."""

    name: str
    told: DictionaryObject
    pieces: list[tuple[int, int]] = field(default_factory=list)  # page and number of marked content
    children: list["Tag"] = field(default_factory=list)

    def walk(self) -> Iterator["Tag"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, *names: str) -> list["Tag"]:
        return [tag for tag in self.walk() if tag.name in names]

    def said(self, key: str) -> object:
        """What its attributes say, whichever dictionary of them does."""
        stands = self.told.get("/A", ArrayObject())
        stands = stands.get_object()
        listed = stands if isinstance(stands, ArrayObject) else [stands]
        return next((each.get_object()[key] for each in listed if key in each.get_object()), None)


def read_tree(printed: PdfReader) -> Tag:
    pages = {
        page.indirect_reference.idnum: n for n, page in enumerate(printed.pages) if page.indirect_reference
    }
    root = printed.root_object["/StructTreeRoot"]
    assert isinstance(root, DictionaryObject)
    return _read_tag(root, pages, 0)


def _read_tag(told: DictionaryObject, pages: dict[int, int], page: int) -> Tag:
    on = told.raw_get("/Pg") if "/Pg" in told else None
    page = pages[on.idnum] if isinstance(on, IndirectObject) else page
    tag = Tag(str(told.get("/S", "")).lstrip("/"), told)
    below = told.get("/K", ArrayObject())
    below = below.get_object()
    for raw in below if isinstance(below, ArrayObject) else [below]:
        each = raw.get_object()
        if isinstance(each, int):
            tag.pieces.append((page, int(each)))
        elif "/MCID" in each:
            tag.pieces.append(
                (pages[each.raw_get("/Pg").idnum] if "/Pg" in each else page, int(each["/MCID"]))
            )
        elif "/S" in each:
            tag.children.append(_read_tag(each, pages, page))
    return tag


def list_shown(printed: PdfReader, page: PageObject) -> Iterator[tuple[str, int | None]]:
    """Each time that a page shows text: the innermost mark around it that counts, and its number."""
    marks: list[tuple[str, int | None]] = []
    for operands, operator in ContentStream(page.get_contents(), printed).operations:
        if operator in _BEGINS:
            told = operands[1] if len(operands) > 1 and isinstance(operands[1], DictionaryObject) else {}
            number = told.get("/MCID")
            marks.append((str(operands[0]), None if number is None else int(number)))
        elif operator == _ENDS:
            marks.pop()
        elif operator in _SHOWS_TEXT:
            counting = [mark for mark in marks if mark[0] == "/Artifact" or mark[1] is not None]
            yield counting[-1] if counting else ("", None)


def list_fonts(page: PageObject) -> Iterator[DictionaryObject]:
    resources = page["/Resources"]
    assert isinstance(resources, DictionaryObject)
    named = resources["/Font"]
    assert isinstance(named, DictionaryObject)
    yield from (font.get_object() for font in named.values())


@pytest.fixture(scope="module")
def documents(opened: Installation) -> dict[str, Document]:
    queries = reading(opened)

    def compose(house_id: str) -> Document:
        planned = queries.find_roadmap(Which(None, Perspective.RECORD, house_id))
        return compose_plan(queries.find_house_plan(planned, house_id))

    planned = queries.find_roadmap(Which(None, Perspective.RECORD, "terpmark"))
    card = queries.find_delivery(planned, "terpmark")
    told = (
        compose("veenrijk"),
        compose("dommelrade"),
        compose_partners(queries.find_house_plan(planned, "terpmark"), card),
        compose_delivery(card),
        compose_national(queries.find_nation(None, Perspective.RECORD)),
        compose_joint_agenda(queries.find_joint_agenda(None, Perspective.RECORD, "terpmark")),
    )
    return dict(zip(KINDS, told, strict=True))


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def document(documents: dict[str, Document], kind: str) -> Document:
    return documents[kind]


@pytest.fixture(scope="module")
def printed(document: Document) -> PdfReader:
    return PdfReader(BytesIO(write_pdf(document, HOME / "reports")))


@pytest.fixture(scope="module")
def tree(printed: PdfReader) -> Tag:
    return read_tree(printed)


def test_it_says_that_it_is_for_everybody_in_dutch_under_its_own_title(
    printed: PdfReader, document: Document
) -> None:
    root, about = printed.root_object, printed.root_object["/Metadata"]

    assert isinstance(about, StreamObject)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in about.get_data()
    assert document.title in about.get_data().decode("utf-8").replace("&amp;", "&")
    assert root.get("/MarkInfo") == {"/Marked": True, "/Suspects": False}
    assert str(root["/Lang"]).casefold() == "nl-nl"
    assert root.get("/ViewerPreferences") == {"/DisplayDocTitle": True, "/Direction": "/L2R"}
    assert {page.get("/Tabs") for page in printed.pages} == {"/S"}


def test_headings_follow_each_other_and_are_those_of_the_document(tree: Tag, document: Document) -> None:
    levels = [int(tag.name[1:]) for tag in tree.walk() if tag.name[:1] == "H" and tag.name[1:].isdecimal()]
    titled = [table for part in document.parts for table in part.tables if table.title]

    assert (levels.count(1), levels.count(2)) == (len(document.parts), len(titled))
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_table_has_heads_that_say_of_what_and_rows_of_as_many_cells(
    tree: Tag, document: Document
) -> None:
    shown = [table for part in document.parts for table in part.tables]
    gantts = [part.gantt for part in document.parts if part.gantt]
    tables = tree.find("Table")

    assert len(tables) == len(shown) + len(gantts)
    for table in tables:
        rows = table.find("TR")
        heads = rows[0].find("TH")
        assert heads
        assert all(head.said("/Scope") == "/Column" for head in heads)
        assert all(any(tag.pieces for tag in head.walk()) for head in heads), "an empty head"
        for row in rows[1:]:
            spans = [cell.said("/ColSpan") or 1 for cell in row.find("TH", "TD")]
            assert sum(map(int, map(str, spans))) == len(heads)


def test_every_picture_says_in_words_what_it_shows(tree: Tag, document: Document) -> None:
    curves = [part.curve for part in document.parts if part.curve]
    told = [str(tag.told.get("/Alt", "")) for tag in tree.find("Figure")]

    assert all(told)
    assert [curve.told for curve in curves if curve.told not in told] == []


def test_all_text_stands_in_the_tree_once_or_is_decoration(printed: PdfReader, tree: Tag) -> None:
    listed = [piece for tag in tree.walk() for piece in tag.pieces]
    shown = [(place, *mark) for place, page in enumerate(printed.pages) for mark in list_shown(printed, page)]

    assert len(listed) == len(set(listed))
    assert {mark for _, mark, number in shown if number is None} == {"/Artifact"}
    assert {(place, number) for place, mark, number in shown if mark != "/Artifact"} <= set(listed)


def test_every_letter_can_be_read_aloud_and_copied(printed: PdfReader) -> None:
    fonts = [font for page in printed.pages for font in list_fonts(page)]

    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        below = font["/DescendantFonts"].get_object()
        assert isinstance(below, ArrayObject)
        embedded = below[0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(embedded)

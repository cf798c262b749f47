"""Patterns take time in step with the text of strangers, whatever it says.

Every pattern of the program is fed a megabyte of each of its worst cases, made from the pattern itself: what
it repeats, repeated, and every beginning of it, repeated, so that it almost fits everywhere and nowhere. One
in step with the text is ready within a second; one that is not takes hours, so the minute that each gets is
no measure of speed.

Patterns of fields (`Field(pattern=…)`) are left out: pydantic matches them with automata that never go back.
Source: https://docs.rs/regex/latest/regex/#untrusted-input.
"""

import ast
import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from itertools import cycle, islice, product
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest

from assessment.settings import HOME

MEGABYTE = 2**20
MOST_SECONDS = 60
UNFIT = "\x07"
"""Fits hardly any pattern: put where one almost fitted."""
NAMES = {"Pattern", "Match", "compile", "IGNORECASE", "DOTALL", "MULTILINE"}
"""What is used of `re`; else a pattern is matched that stands in no constant, and is not found here."""
OF_PANDAS = {
    "contains",
    "count",
    "extract",
    "extractall",
    "findall",
    "fullmatch",
    "match",
    "replace",
    "split",
}
"""What reads a text as a pattern."""
_PARSER: Any = import_module("re._parser")
_PARSED: Any = import_module("re._constants")
_REPEATS = {_PARSED.MAX_REPEAT, _PARSED.MIN_REPEAT, _PARSED.POSSESSIVE_REPEAT}
_LETTERS = {
    _PARSED.CATEGORY_DIGIT: "1",
    _PARSED.CATEGORY_SPACE: " ",
    _PARSED.CATEGORY_WORD: "a",
    _PARSED.CATEGORY_NOT_SPACE: "a",
    _PARSED.CATEGORY_NOT_WORD: "-",
    _PARSED.CATEGORY_NOT_DIGIT: "a",
}


class Constant(NamedTuple):
    """A pattern, what it is called, and how it is asked."""

    name: str
    pattern: re.Pattern[Any]
    ways: tuple[str, ...]


def read_modules() -> Iterator[tuple[str, ast.Module, str]]:
    """The name, the tree and the text of every module."""
    for path in sorted((HOME / "assessment").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        yield _name_module(path), ast.parse(text), text


def _name_module(path: Path) -> str:
    return ".".join(path.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__")


def find_constants() -> Iterator[Constant]:
    for module, tree, text in read_modules():
        for name in _list_assigned(tree):
            ways = {each for each in ("match", "fullmatch") if re.search(rf"\b{name}\.{each}\b", text)}
            others = set(re.findall(rf"\b{name}\.(\w+)", text)) - ways
            asked = (*sorted(ways), *(["finditer"] if others or not ways else []))
            for place, pattern in enumerate(_unfold(getattr(import_module(module), name))):
                yield Constant(f"{module}.{name}.{place}", pattern, asked)


def _list_assigned(tree: ast.Module) -> Iterator[str]:
    """The constants of a module in which something is compiled."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and any(_find_compiled(statement)):
            yield from (each.id for each in statement.targets if isinstance(each, ast.Name))


def _find_compiled(tree: ast.AST) -> Iterator[ast.Attribute]:
    return (each for each in _find_of_re(tree) if each.attr == "compile")


def _find_of_re(tree: ast.AST) -> Iterator[ast.Attribute]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re":
            yield node


def _unfold(value: object) -> Iterator[re.Pattern[Any]]:
    """The patterns in a constant: itself, or what it holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for each in (*value, *value.values()):
            yield from _unfold(each)


def list_worst(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Texts of a megabyte that almost fit."""
    for before, piece in dict.fromkeys(_list_pieces(_PARSER.parse(pattern.pattern, pattern.flags), "")):
        if piece:
            yield before + piece * (MEGABYTE // len(piece)) + UNFIT


def _list_pieces(sequence: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    """What to begin with, and what to repeat after that."""
    for each in sequence:
        for inside in _list_insides(each):
            yield from _list_pieces(inside, before)
            if each[0] in _REPEATS:
                yield from ((before, sample) for sample in _sample_all(inside))
        if each[0] is not _PARSED.LITERAL:
            yield ("", before)
        before += _sample(each)[0]
    yield from (("", before), ("", before + UNFIT), ("", f"{before} "))


def _list_insides(part: Any) -> Iterable[Any]:  # noqa: ANN401 - of the standard library, which has no types for it
    what, details = part
    if what is _PARSED.BRANCH:
        return list(details[1])
    return [details[-1]] if what in _REPEATS | {_PARSED.SUBPATTERN, _PARSED.ATOMIC_GROUP} else []


def _sample_all(sequence: Iterable[Any]) -> list[str]:
    """Some texts that fit a sequence: the first choices, the second, and so on."""
    samples = [_sample(each) for each in sequence]
    most = max(map(len, samples), default=1)
    return ["".join(chosen) for chosen in islice(zip(*map(cycle, samples), strict=False), most)] or [""]


def _sample(part: Any) -> list[str]:  # noqa: ANN401 - as above
    """Some texts that fit a part of a pattern."""
    what, details = part
    if what is _PARSED.LITERAL:
        return [chr(details)]
    if what is _PARSED.IN:
        return _sample_class(details)
    if what in _REPEATS:
        return [text * max(details[0], 1) for text in _sample_all(details[-1])]
    if what in {_PARSED.ANY, _PARSED.NOT_LITERAL}:
        return ["a"]
    return [text for inside in _list_insides(part) for text in _sample_all(inside)] or [""]


def _sample_class(choices: list[Any]) -> list[str]:
    if choices[0][0] is _PARSED.NEGATE:
        kept = {chr(details) for what, details in choices[1:] if what is _PARSED.LITERAL}
        return [next(letter for letter in "a1 -" if letter not in kept)]
    firsts = {
        _PARSED.RANGE: lambda ends: chr(ends[0]),
        _PARSED.CATEGORY: _LETTERS.__getitem__,
        _PARSED.LITERAL: chr,
    }
    return [firsts[what](details) for what, details in choices]


@contextmanager
def breaking_off(what: str) -> Iterator[None]:
    """Fail where something takes so long that it is not in step with its text."""

    def fail(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"{what}: busy for {MOST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def feed_worst(constant: Constant) -> None:
    with breaking_off(f"{constant.name}: {constant.pattern.pattern!r}"):
        for text, way in product(list_worst(constant.pattern), constant.ways):
            _feed(constant.pattern, way, text)


def _feed(pattern: re.Pattern[Any], way: str, text: str) -> None:
    fed = text.encode() if isinstance(pattern.pattern, bytes) else text
    found = getattr(pattern, way)(fed)
    if way == "finditer":
        for _ in found:
            pass


def test_a_megabyte_of_the_worst_case_keeps_no_pattern_busy() -> None:
    constants = list(find_constants())

    for constant in constants:
        feed_worst(constant)

    assert len(constants) > 20


def test_every_pattern_is_a_constant() -> None:
    for module, tree, _ in read_modules():
        constants = [each for each in tree.body if isinstance(each, ast.Assign)]

        assert {each.attr for each in _find_of_re(tree)} <= NAMES, module
        assert len(list(_find_compiled(tree))) == sum(
            len(list(_find_compiled(each))) for each in constants
        ), module
        assert not [each for each in ast.walk(tree) if _is_pattern_for_pandas(each)], module


def _is_pattern_for_pandas(node: ast.AST) -> bool:
    """Whether pandas is given something else than a constant, or than a text without signs of a pattern."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="str"), attr=way), args=[given, *_]):
            return way in OF_PANDAS and not _is_plain(given)
    return False


def _is_plain(given: ast.expr) -> bool:
    match given:
        case ast.Attribute(value=ast.Name(id=name), attr="pattern") | ast.Name(id=name):
            return name.isupper()
        case ast.Constant(value=str(text)):
            return not set(text) & set(r".^$*+?{}[]\\|()")
    return False


@pytest.mark.parametrize(
    "pattern",
    [r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", r"\s+$", r"(?:a+)+b", r"<!--.*?-->", r"(?:\d|\d\d)*;", r"x.*y.*z"],
)
def test_a_pattern_that_is_not_in_step_is_found(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "MEGABYTE", 2**17)
    monkeypatch.setitem(globals(), "MOST_SECONDS", 1)

    with pytest.raises(AssertionError, match="busy"):
        feed_worst(Constant("slow", re.compile(pattern), ("finditer",)))

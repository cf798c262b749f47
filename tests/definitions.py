"""Every name that the program defines, so that documentation can be held against it."""

import ast
from collections.abc import Iterator
from functools import cache

from assessment.settings import HOME


@cache
def find_definitions() -> dict[str, set[str]]:
    """Every name with the files that define it, also as Class.member; columns of frames are names too."""
    found: dict[str, set[str]] = {}
    for path in sorted((HOME / "assessment").rglob("*.py")):
        for name in _list_names(ast.parse(path.read_text(encoding="utf-8")), ""):
            found.setdefault(name, set()).add(path.relative_to(HOME).as_posix())
    return found


def _list_names(node: ast.AST, inside: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        name = _name(child)
        if name:
            yield name
            yield f"{inside}.{name}"
        yield from _list_names(child, child.name if isinstance(child, ast.ClassDef) else inside)


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return name
        case ast.Constant(value=str() as name) if name.isidentifier():
            return name
        case _:
            return None

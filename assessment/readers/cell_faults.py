"""Cells of an .xlsx whose text the fast parser cannot give: errors, and formulas without a stored value.

The parser gives an empty text for both. An empty answer would then be a lost answer, so these are looked up
in the sheet itself.
"""

import re
from collections.abc import Mapping
from posixpath import join, normpath

from defusedxml.ElementTree import fromstring

from assessment.model.sheets import CellFault

FaultsOfSheet = Mapping[str, tuple[CellFault, str]]
"""The fault and the text shown, by address such as D14."""

_ERROR = b't="e"'
_EMPTY_AFTER_FORMULA = re.compile(rb"f>\s*<(?:(?:\w+:)?v\s*/>|(?:\w+:)?v></|/(?:\w+:)?c>)")
_ONLY_SHARED_FORMULA = re.compile(rb"/>\s*</(?:\w+:)?c>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ADDRESS = re.compile(rb'\br="([A-Z]+\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_TEXT = b't="str"'
"""A formula whose stored value is a text, even an empty one."""
_WORKBOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_LINK_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def find_cell_faults(parts: Mapping[str, bytes]) -> dict[str, FaultsOfSheet]:
    """Find the cells of each sheet that hold an error or a formula without a value.

    Args:
        parts: the parts of an .xlsx that hold cells, by name.

    Returns:
        Faults by the title of the sheet; only sheets that have any.
    """
    suspects = [name for name, part in parts.items() if "sheets/" in name and _is_suspect(part)]
    if not suspects:
        return {}
    titles = _find_titles(parts)
    return {titles[name]: _look_up(parts[name]) for name in suspects if name in titles}


def _is_suspect(part: bytes) -> bool:
    empty = _EMPTY_AFTER_FORMULA.search(part) or _ONLY_SHARED_FORMULA.search(part)
    return _ERROR in part or empty is not None


def _find_titles(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The title of each sheet, by the name of its part."""
    links = {link.get("Id"): link.get("Target", "") for link in fromstring(parts[_LINKS])}
    sheets = [each for each in fromstring(parts[_WORKBOOK]).iter() if each.tag.endswith("}sheet")]
    return {
        _part_name(links.get(sheet.get(_LINK_ID) or sheet.get(_STRICT_LINK_ID), "")): sheet.get("name", "")
        for sheet in sheets
    }


def _part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _look_up(sheet: bytes) -> dict[str, tuple[CellFault, str]]:
    faults = {}
    for cell in _CELL.finditer(sheet):
        attributes, inside = cell.groups()
        address = _ADDRESS.search(attributes)
        value = _VALUE.search(inside)
        if address is None:
            continue
        if _ERROR in attributes:
            faults[address.group(1).decode()] = (CellFault.ERROR, value.group(1).decode() if value else "#")
        elif value is None and _TEXT not in attributes and _FORMULA.search(inside):
            faults[address.group(1).decode()] = (CellFault.FORMULA, "=…")
    return faults

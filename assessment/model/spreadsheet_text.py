"""A text in a file for spreadsheet programs: never taken for a formula, and read back as it was typed."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK = "'"


def write_harmless(text: str) -> str:
    """A text as it goes into a table; what a spreadsheet program would take for a formula gets a mark."""
    return f"{_MARK}{text}" if text.lstrip(_MARK).startswith(_STARTS) else text


def read_harmless(text: str) -> str:
    """The text as it was before `write_harmless`."""
    return text[len(_MARK) :] if write_harmless(text) != text and text.startswith(_MARK) else text

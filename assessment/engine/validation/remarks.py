"""A remark on a row: on which sheet and in which cell."""

from assessment.model.issue import Issue, IssueCode
from assessment.model.sheets import SheetRow


def tell(row: SheetRow, code: IssueCode, field: str = "key", **facts: str) -> Issue:
    """Make a remark on one field of a row; `facts` are what its sentence names besides the id of the row."""
    return Issue(code, row.sheet, row.cell(field), {"key": row.key, **facts})

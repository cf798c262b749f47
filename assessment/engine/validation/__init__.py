"""Rows of a questionnaire become answers, agreed deviations and remarks; each row ends in one class."""

from assessment.engine.validation.check import Checked, check_rows, describe_attached
from assessment.engine.validation.edits import CheckedEdit, check_edit

__all__ = ["Checked", "CheckedEdit", "check_edit", "check_rows", "describe_attached"]

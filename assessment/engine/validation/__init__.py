"""Rows of a questionnaire become answers, agreed deviations and remarks; each row ends in one class."""

from assessment.engine.validation.check import Checked, check_rows

__all__ = ["Checked", "check_rows"]

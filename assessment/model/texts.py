"""The texts of `reports/` that leave the system."""

from typing import Self

from pydantic import model_validator

from assessment.model.rules import Frozen, Text

# What a reminder may name between { }.
REMINDER_FIELDS = ("round", "house", "expected", "deadline")


class QuestionnaireTexts(Frozen):
    """What the introduction of a questionnaire says."""

    title: Text
    invented: Text
    steps: tuple[Text, ...]
    promises: tuple[Text, ...]
    deviation: Text
    deviation_columns: dict[str, Text]
    words: dict[str, Text]


class PlanTexts(Frozen):
    """What an improvement plan says around its figures."""

    title: Text
    invented: Text
    introduction: tuple[Text, ...]
    estimates: Text


class ReminderTexts(Frozen):
    """What a reminder says; between { } stands what is filled in."""

    subject: Text
    text: Text

    @model_validator(mode="after")
    def fields_are_known(self) -> Self:
        """Only what is filled in stands between { }."""
        try:
            f"{self.subject}{self.text}".format_map(dict.fromkeys(REMINDER_FIELDS, ""))
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            known = ", ".join(f"{{{name}}}" for name in REMINDER_FIELDS)
            raise ValueError(f"tussen {{ }} kan alleen staan: {known}") from error
        return self

"""The texts of what leaves the system, as they stand in `reports/`."""

from assessment.model.rules import Frozen, Text


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

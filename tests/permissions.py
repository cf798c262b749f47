"""Who may do what as it was agreed in words, written down apart from the table of the program."""

from assessment.model.access import Grant, Role, Task
from assessment.model.register import House

EVERYWHERE, OWN_ONLY = "HPhp", "hp"
OF_ONE_SIDE = (Task.GET_FORM, Task.CHECK_FILE, Task.SEE_CONCEPTS, Task.FILL_IN, Task.HAND_IN, Task.WITHDRAW)
FORMULAS = (Task.SEE_FORMULAS, Task.CHANGE_FORMULAS)
SEEING = (Task.SEE_SCORES, Task.SEE_TEXT, Task.SEE_PLAN)
FOR_ALL = {Task.SEE_REGISTER: EVERYWHERE}
GROUPS = FOR_ALL | {Task.SEE_GROUPS: EVERYWHERE}


def at(where: str, *tasks: Task) -> dict[Task, str]:
    return dict.fromkeys(tasks, where)


EXPECTED = {
    Role.MANAGER: GROUPS
    | at("h", *OF_ONE_SIDE)
    | at(OWN_ONLY, *SEEING, Task.SEE_PROGRESS, Task.PLAN, Task.SHARE_TEXT, *FORMULAS),
    Role.POLICE: GROUPS | at("p", *OF_ONE_SIDE, *SEEING) | at(OWN_ONLY, Task.SEE_PROGRESS, Task.SEE_FORMULAS),
    Role.UNIT: GROUPS
    | at(OWN_ONLY, Task.GET_FORM, Task.CHECK_FILE, *SEEING, Task.SEE_PROGRESS)
    | at(OWN_ONLY, Task.ADOPT, Task.REOPEN, Task.PLAN, *FORMULAS),
    Role.COUNTRY: GROUPS
    | at(EVERYWHERE, Task.GET_FORM, Task.CHECK_FILE, Task.SEE_SCORES, Task.SEE_PLAN, Task.SEE_PROGRESS)
    | at(EVERYWHERE, Task.REOPEN, Task.PLAN, Task.MANAGE_ROUNDS),
    Role.ADMINISTRATOR: FOR_ALL
    | at(EVERYWHERE, Task.SEE_PROGRESS, Task.CHANGE_REGISTER, Task.MANAGE_ACCOUNTS, Task.READ_AUDIT)
    | at(EVERYWHERE, Task.BACK_UP, Task.RESTORE, Task.RETAIN, Task.FILL_DEMO),
}
"""Where each role may do a task: on an own house for the house (h) or the police (p), on another (H, P).

Nobody's texts are shared here; for that see below.
"""


def grant_on(role: Role, house: House) -> Grant:
    """A role on this house, or on its unit."""
    given = {
        Role.MANAGER: {"house_id": house.house_id},
        Role.POLICE: {"unit_id": house.unit_id},
        Role.UNIT: {"unit_id": house.unit_id},
    }
    return Grant.model_validate({"role": role, **given.get(role, {})})

"""What to try on a plan: chosen by hand, kept while going from page to page, and written in the address.

In the address stands `wat-als=capaciteit~om~1_landelijk~INF-3_vast~POS-9.M2~2027-K2_vervalt~KAD-5.M1`, or
`wat-als=niets`. Whoever opens it sees the same, as far as their plan has it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

import streamlit as st

from assessment.model.plan import HORIZON, Quarter
from assessment.model.scale import Actor
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import WhatIf
from assessment.tables.decisions import describe_sharing, find_numbers
from assessment.tables.formats import format_with_capital
from assessment.tables.what_if import find_starts
from assessment.ui.components import show_quietly
from assessment.ui.navigation import find_news, note_address
from assessment.ui.notices import show_info, show_warning
from assessment.ui.session import WHAT_IF_ANEW, Choice, Key, Widget, kept_what_if

Item = TypeVar("Item")
_MOST = 6
_IN_A_ROW = 4
_NOTHING = "niets"
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_BETWEEN, _WITHIN = "_", "~"  # an address writes both as they are
_CAPACITY, _NATIONAL, _PINNED, _DROPPED = "capaciteit", "landelijk", "vast", "vervalt"


@dataclass(frozen=True)
class _Offer:
    """What can be tried on a plan with measures."""

    planned: Roadmap

    @cached_property
    def numbers(self) -> Mapping[Actor, Sequence[int]]:
        """How much each actor of the plan carries at once: more than one number where houses differ."""
        up, numbers = set(self.planned.measures["actor"]), find_numbers(self.planned.resources)
        actors = self.planned.scores.questionnaire.actors
        return {actor: numbers[actor] for actor in actors if actor.value in up}

    @cached_property
    def criteria(self) -> list[str]:
        """What a national action could finish."""
        gaps = set(self.planned.gaps["criterion_id"])
        return [key for key in self.planned.scores.questionnaire.criterion if key in gaps]

    @cached_property
    def measures(self) -> list[str]:
        """What could be pinned or dropped."""
        there = set(self.planned.measures["measure_id"])
        return [key for key in self.planned.scores.questionnaire.measure if key in there]

    def count_most(self, actor: Actor) -> int:
        """As far as the slider of an actor goes."""
        return max(_MOST, self.numbers[actor][-1])

    def find_present(self, measure_id: str) -> Quarter:
        """The quarter in which a measure is planned, or this one where that is past."""
        starts = find_starts(self.planned.measures, self.planned.begin)
        return max(starts[measure_id], self._earliest)

    def list_quarters(self, measure_id: str) -> list[Quarter]:
        """The quarters in which a measure could begin."""
        usual, present = [self._earliest + ahead for ahead in range(HORIZON)], self.find_present(measure_id)
        return usual if present in usual else [*usual, present]

    @cached_property
    def _earliest(self) -> Quarter:
        return max(self.planned.begin, Quarter.of(today()))


class _Read(NamedTuple):
    """What an address asks to try on a plan, and each part of it that this plan does not have."""

    what_if: WhatIf
    refused: Sequence[str]


def choose_what_if(planned: Roadmap) -> WhatIf:
    """Let the user say what to try on a plan with measures: at first what the address says, or was kept."""
    choice, kept = _find_choice(planned), kept_what_if(planned.scores.grid.house_ids)
    asked, offer = st.query_params.get(choice.name), _Offer(planned)
    anew = WHAT_IF_ANEW.take() or find_news(choice)
    text = anew or kept.get() or _NOTHING
    read = _read(text, offer)
    chosen = _choose(offer, read.what_if, anew=anew is not None)
    if read.refused and chosen == read.what_if:
        _tell_refused(read.refused)
    else:
        text = _write(chosen)
    kept.put(text)
    choice.seen.put(text)
    if text != asked:
        note_address(choice.name, text)
    return chosen


def begin_afresh() -> None:
    """Forget what was tried: the next run shows that nothing is."""
    WHAT_IF_ANEW.put(_NOTHING)


def tell_nothing_to_try(planned: Roadmap, why: str) -> None:
    """Tell whoever comes for a what-if that this plan has none, and why."""
    if st.query_params.get(_find_choice(planned).name, _NOTHING) != _NOTHING:
        show_info(f"In het adres staat een wat-als, maar {why}. Er is hier dus niets te proberen.")


def name_key(planned: Roadmap, what: str) -> str:
    """The key of a widget: what was chosen for one plan is not chosen for another."""
    return Key.WHAT_IF.of(what, *planned.scores.grid.house_ids)


def _find_choice(planned: Roadmap) -> Choice:
    """How the choice is called in the address: that of a unit goes along beside that of a house."""
    return Choice("wat-als" if len(planned.scores.houses) == 1 else "wat-als-eenheid")


def _tell_refused(refused: Sequence[str]) -> None:
    told = ", ".join(f"'{each.replace(_WITHIN, ' ')}'" for each in refused)
    show_warning(
        f"Van de wat-als in het adres is hier niet te proberen: {told}. Het bestaat niet, staat niet in dit "
        "plan, of valt buiten wat u hier kunt kiezen. De rest ziet u hieronder."
    )


def _write(what_if: WhatIf) -> str:
    """What is tried, as the address has it."""
    parts = [
        *((_CAPACITY, _name_actor(actor), number) for actor, number in what_if.capacity.items()),
        *((_NATIONAL, criterion_id) for criterion_id in what_if.national),
        *((_PINNED, measure_id, quarter) for measure_id, quarter in what_if.pins.items()),
        *((_DROPPED, measure_id) for measure_id in what_if.dropped),
    ]
    return _BETWEEN.join(_WITHIN.join(map(str, each)) for each in parts) or _NOTHING


def _name_actor(actor: Actor) -> str:
    """An actor as the address has it; a framework may call one what it likes."""
    return _BETWEEN_WORDS.sub("-", actor.casefold()).strip("-")


def _read(text: str, offer: _Offer) -> _Read:
    """What an address asks to try, as far as a plan has it."""
    parts = [] if text == _NOTHING else list(dict.fromkeys(text.split(_BETWEEN)))
    found: dict[str, WhatIf] = {}
    for each in parts:
        kind, _, said = each.partition(_WITHIN)
        if kind in _READERS and (what_if := _READERS[kind](said, offer)) is not None:
            found[each] = what_if
    return _Read(_join(list(found.values())), [each for each in parts if each not in found])


def _join(parts: Sequence[WhatIf]) -> WhatIf:
    return WhatIf(
        {actor: number for each in parts for actor, number in each.capacity.items()},
        tuple(key for each in parts for key in each.national),
        {key: quarter for each in parts for key, quarter in each.pins.items()},
        tuple(key for each in parts for key in each.dropped),
    )


def _read_capacity(said: str, offer: _Offer) -> WhatIf | None:
    """A number for an actor; none where the actor carries that number already, everywhere."""
    name, _, number = said.partition(_WITHIN)
    actor = next((each for each in offer.numbers if _name_actor(each) == name), None)
    if actor is None or number not in map(str, range(1, offer.count_most(actor) + 1)):
        return None
    return WhatIf() if [int(number)] == list(offer.numbers[actor]) else WhatIf({actor: int(number)})


def _read_national(said: str, offer: _Offer) -> WhatIf | None:
    return WhatIf(national=(said,)) if said in offer.criteria else None


def _read_pinned(said: str, offer: _Offer) -> WhatIf | None:
    measure_id, _, quarter = said.partition(_WITHIN)
    if measure_id not in offer.measures:
        return None
    pinned = next((each for each in offer.list_quarters(measure_id) if str(each) == quarter), None)
    return None if pinned is None else WhatIf(pins={measure_id: pinned})


def _read_dropped(said: str, offer: _Offer) -> WhatIf | None:
    return WhatIf(dropped=(said,)) if said in offer.measures else None


_READERS: Mapping[str, Callable[[str, _Offer], WhatIf | None]] = {
    _CAPACITY: _read_capacity,
    _NATIONAL: _read_national,
    _PINNED: _read_pinned,
    _DROPPED: _read_dropped,
}


class _Form(NamedTuple):
    """The widgets in which is said what to try; `anew` where they show that, whatever they said."""

    offer: _Offer
    tried: WhatIf
    anew: bool

    def fill(self, what: str, value: object) -> str:
        """The key of a widget, which says this where it did not say anything yet."""
        widget = Widget[object](name_key(self.offer.planned, what))
        if self.anew or not widget.is_known:
            widget.fill(value)
        return widget.key


def _choose(offer: _Offer, tried: WhatIf, *, anew: bool) -> WhatIf:
    form = _Form(offer, tried, anew)
    capacity, national = _choose_capacity(form), _choose_national(form)
    with st.expander("Maatregelen vastzetten of laten vervallen"):
        pins, dropped = _choose_pins(form), _choose_measures(form, "Laat vervallen", _DROPPED, tried.dropped)
        return WhatIf(capacity, national, pins, tuple(dropped))


def _choose_capacity(form: _Form) -> Mapping[Actor, int]:
    """A slider per actor of the plan, in rows; only those that were moved."""
    actors, scores = list(form.offer.numbers), form.offer.planned.scores
    chosen = {actor: _slide(form, actor) for actor in _lay_out(actors)}
    if len(scores.houses) > 1:
        show_quietly(describe_sharing(actors, scores.questionnaire.rules))
    return {actor: number for actor, number in chosen.items() if number is not None}


def _slide(form: _Form, actor: Actor) -> int | None:
    """How much an actor carries at once everywhere, or None as it is; houses may differ in that."""
    numbers, most = form.offer.numbers[actor], form.offer.count_most(actor)
    label, tried = format_with_capital(actor.value), form.tried.capacity.get(actor)
    present = "–".join(map(str, dict.fromkeys([numbers[0], numbers[-1]])))
    what = f"{actor.value}-{present}"
    if len(numbers) == 1:
        number = st.slider(label, 1, most, key=form.fill(what, tried or numbers[0]))
        return None if number == numbers[0] else number
    as_it_is = f"nu {present}"
    options = [as_it_is, *range(1, most + 1)]
    choice = st.select_slider(label, options, key=form.fill(what, tried or as_it_is))
    return choice if isinstance(choice, int) else None


def _choose_national(form: _Form) -> tuple[str, ...]:
    criterion = form.offer.planned.scores.questionnaire.criterion
    chosen = st.multiselect(
        "Landelijke actie: dit zou overal al klaar zijn",
        form.offer.criteria,
        format_func=lambda key: f"{key} {criterion[key].title}",
        placeholder="Kies criteria",
        key=form.fill(_NATIONAL, list(form.tried.national)),
    )
    return tuple(chosen)


def _choose_pins(form: _Form) -> Mapping[str, Quarter]:
    """Any number of measures, each with the quarter to try it in; at first the one in which it is planned."""
    pins = {}
    for measure_id in _lay_out(_choose_measures(form, "Zet vast", _PINNED, form.tried.pins)):
        tried = form.tried.pins.get(measure_id, form.offer.find_present(measure_id))
        quarters, key = form.offer.list_quarters(measure_id), form.fill(f"kwartaal-{measure_id}", tried)
        pins[measure_id] = st.selectbox(f"{measure_id} in kwartaal", quarters, format_func=str, key=key)
    return pins


def _choose_measures(form: _Form, label: str, what: str, tried: Iterable[str]) -> list[str]:
    measure = form.offer.planned.scores.questionnaire.measure
    return st.multiselect(
        label,
        form.offer.measures,
        format_func=lambda key: f"{key} {measure[key].title}",
        placeholder="Kies maatregelen",
        key=form.fill(what, list(tried)),
    )


def _lay_out(items: Sequence[Item]) -> Iterator[Item]:
    """Go through items, each in its own column, in rows."""
    for start in range(0, len(items), _IN_A_ROW):
        for column, item in zip(st.columns(_IN_A_ROW), items[start : start + _IN_A_ROW], strict=False):
            with column:
                yield item

"""A better schedule where the search ends without proof: simulated annealing on the order of placing.

One task after another is moved in the order in which tasks are placed, each as early as there is room. A move
that makes the schedule worse is kept at times, ever less often, so that the search does not stay where it
first gets stuck.

Source: Kirkpatrick, Gelatt and Vecchi, Optimization by simulated annealing, Science 220 (1983); Bouleimen and
Lecocq, A new efficient simulated annealing algorithm for the resource-constrained project scheduling problem,
European Journal of Operational Research 149 (2003).
"""

from math import exp
from typing import NamedTuple

import numpy as np

from assessment.engine.scheduling.network import Ints, Network
from assessment.engine.scheduling.schedule import count_used

# Work is counted, not timed, as in the search; the dice are the same every time.
_STEPS, _PLACED = 20_000, 8_000_000
"""How many moves to try; fewer where there are so many tasks that more than so many would be placed."""

_FARTHEST = 120
"""How many places a task moves at most."""

_WARMTH = 1.0
"""By how much weighted finish a move may be worse at first for more than a third of such moves to be kept."""

_BLOCK = 16
"""After how many tasks the room that is left is kept, so that a move is placed anew from there on only."""

_Room = list[list[int]]
"""Per resource, for each place that it has, a bit for every period in which that place is taken."""


class _Placed(NamedTuple):
    """An order, the period after each task in it, and the room before each block of it."""

    order: list[int]
    ends: list[int]
    rooms: list[_Room]


def anneal(network: Network, first: Ints, most_late: int, most_steps: int = _STEPS) -> Ints:
    """Look for a schedule of smaller weighted finish with no more hard goals late; always the same one.

    Args:
        network: each goal ends in one task; nothing is to be kept where people agreed.
        first: the schedule to begin with, which is allowed.
        most_late: how many hard goals may finish after the horizon.
        most_steps: how many moves to try at most.

    Returns:
        The best schedule found; the first where none is better.
    """
    placer = _Placer(network)
    now = placer.place_all(first)
    cost = placer.weigh(now.ends, most_late)
    best, least = first, placer.weigh((first + network.durations).tolist(), most_late)
    if cost is None or least is None:
        return first
    steps = min(most_steps, _PLACED // max(1, len(now.order)))
    for warmth, move in _draw_moves(len(now.order), steps):
        moved = placer.move(now, move)
        found = placer.weigh(moved.ends, most_late)
        if found is None or (found > cost and exp((cost - found) / warmth) < move.chance):
            continue
        now, cost = moved, found
        if cost < least:
            best, least = np.array(now.ends, dtype=np.int64) - network.durations, cost
    return best


class _Move(NamedTuple):
    """From which place in the order a task goes to which, and above which likelihood a worse one is kept."""

    begin: int
    end: int
    chance: float


def _draw_moves(size: int, steps: int) -> list[tuple[float, _Move]]:
    """Draw where tasks go, each with how warm it is by then."""
    if size == 0:
        return []
    dice = np.random.default_rng(0)
    begins = dice.integers(size, size=steps)
    far = dice.integers(1, _FARTHEST + 1, size=steps) * dice.choice([-1, 1], size=steps)
    ends = np.clip(begins + far, 0, size - 1)
    warmth = _WARMTH * (1 - np.arange(steps) / steps) + 0.05
    moves = map(_Move, begins.tolist(), ends.tolist(), dice.random(steps).tolist())
    return list(zip(warmth.tolist(), moves, strict=True))


class _Placer:
    """Places tasks of one network one by one, with its parts at hand as plain numbers."""

    def __init__(self, network: Network) -> None:
        self.network, self.needs = network, network.needs
        self.durations: list[int] = network.durations.tolist()
        self.resource: list[int] = network.resource.tolist()
        self.goals = [(goal.last[0], goal.weight, goal.hard) for goal in network.goals]
        waited_for = network.fixed.keys() - network.facts.keys()
        self.due = [(need, network.fixed[task]) for task in waited_for for need in network.needs[task]]

    def place_all(self, starts: Ints) -> _Placed:
        """Place everything in the order of a schedule."""
        number = {task: place for place, task in enumerate(self.network.order)}
        free = [task for task in range(len(starts)) if task not in self.network.fixed]
        order = sorted(free, key=lambda task: (starts[task], number[task]))
        ends = (starts + self.network.durations).tolist()
        rooms = [self._find_room(sum(self.durations) + max(ends, default=0))]
        for place in range(-(-len(order) // _BLOCK)):
            rooms.append(self._place_block(order, place, ends, rooms[-1]))
        return _Placed(order, ends, rooms)

    def move(self, placed: _Placed, move: _Move) -> _Placed:
        """Move a task in an order, as far as what it needs and what waits for it allow.

        What comes before it stays, and so does what comes after a block that turns out as it was.
        """
        order, (begin, end, _) = placed.order.copy(), move
        task = order.pop(begin)
        end = self._stop_before_others(placed.order, begin, end)
        order.insert(end, task)
        first, last = sorted((begin, end))
        rooms, ends = placed.rooms[: first // _BLOCK + 1], placed.ends.copy()
        for place in range(first // _BLOCK, len(placed.rooms) - 1):
            rooms.append(self._place_block(order, place, ends, rooms[-1]))
            if place >= last // _BLOCK and rooms[-1] == placed.rooms[place + 1] and ends == placed.ends:
                return _Placed(order, ends, rooms + placed.rooms[place + 2 :])
        return _Placed(order, ends, rooms)

    def weigh(self, ends: list[int], most_late: int) -> int | None:
        """The weighted finish, or None where too many hard goals are late, or what is fixed would wait."""
        horizon = self.network.horizon
        late = sum(hard and ends[task] > horizon for task, _, hard in self.goals)
        if late > most_late or any(ends[need] > start for need, start in self.due):
            return None
        return sum(weight * ends[task] for task, weight, _ in self.goals)

    def _find_room(self, size: int) -> _Room:
        """The room that is left by what is fixed."""
        used = count_used(self.network, self.network.fixed, size)
        return [
            [sum(1 << period for period in np.flatnonzero(row > place).tolist()) for place in range(capacity)]
            for row, capacity in zip(used, self.network.capacity.tolist(), strict=True)
        ]

    def _stop_before_others(self, order: list[int], begin: int, end: int) -> int:
        """Where a task comes that is on its way: right behind what it needs, or before what waits for it."""
        task, way = order[begin], 1 if end > begin else -1
        others = self.network.needed_by[task] if way > 0 else self.network.needs[task]
        passed = range(begin + way, end + way, way)
        return next((place - way for place in passed if order[place] in others), end)

    def _place_block(self, order: list[int], place: int, ends: list[int], room: _Room) -> _Room:
        """Place one block of an order, note when each task ends, and return the room that is left."""
        left = [places.copy() for places in room]
        for task in order[place * _BLOCK : (place + 1) * _BLOCK]:
            ends[task] = self._place(task, ends, left)
        return left

    def _place(self, task: int, ends: list[int], room: _Room) -> int:
        """Take the first periods with room from when a task is ready; return the period after them."""
        ready = max([0, *[ends[need] for need in self.needs[task]]])
        length = self.durations[task]
        if length == 0:
            return ready
        places, taken = room[self.resource[task]], 0
        for period in range(length):
            taken |= places[-1] >> (ready + period)
        start = ready + (~taken & (taken + 1)).bit_length() - 1
        pushed = ((1 << length) - 1) << start
        for place, bits in enumerate(places):  # who finds a place taken goes on to the next
            places[place], pushed = bits | pushed, bits & pushed
        return start + length

"""How many slips of the hand lie between what was typed and a name: letters wrong, missing, too many, or swapped."""

from __future__ import annotations


def slips(typed: str, name: str, at_most: int) -> int | None:
    """The fewest slips between `typed` and a beginning of `name`; None above `at_most`.

    Optimal string alignment with a free end: a name that goes on is no slip. O(len(typed) * (len(typed) + at_most)).
    """
    name = name[: len(typed) + at_most]
    before: list[int] = []
    row = list(range(len(name) + 1))
    for i, letter in enumerate(typed, start=1):
        previous, row = row, [i] + [0] * len(name)
        for j, other in enumerate(name, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == name[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row[j] = cost
        if min(row) > at_most:
            return None
        before = previous
    fewest = min(row)
    return fewest if fewest <= at_most else None


def slips_within(typed: str, words: tuple[str, ...], at_most: int) -> int | None:
    """The fewest slips between `typed` and what begins at any of a name's words; one more where that is not the first."""
    best: int | None = None
    for start in range(len(words)):
        found = slips(typed, "".join(words[start:]), at_most - (start > 0))
        if found is not None and (best is None or found + (start > 0) < best):
            best = found + (start > 0)
    return best

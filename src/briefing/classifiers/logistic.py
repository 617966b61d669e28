"""Logistic regression of yes against no, once for sparse rows in pure Python, once for points with numpy.

Both classes weigh the same however many examples each has, and both are deterministic: nothing is drawn by chance, and
what is learnt is rounded, so that the last bits of a machine's arithmetic do not count.
"""

from __future__ import annotations

import math
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from briefing.classifiers.grams import add, product

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from briefing.classifiers.grams import Row

    Points = NDArray[np.float64]

_DIGITS = 6
_EPOCHS = 12
_STEPS = 4  # of Newton's method on one example


class Line:
    """What was learnt: `weights` and where the border lies. The value is the logarithm of the odds of yes."""

    def __init__(self, weights: list[float], bias: float) -> None:
        self.weights = weights
        self.bias = bias

    def value(self, row: Row) -> float:
        """The log odds of yes for a sparse row."""
        return product(row, self.weights) + self.bias


class Lines:
    """Many lines at once, where there is numpy."""

    def __init__(self, lines: Mapping[str, Line]) -> None:
        import numpy as np  # noqa: PLC0415 - belongs to an extra

        self._names = tuple(lines)
        self._weights = np.array([line.weights for line in lines.values()]).T.copy()
        self._biases = np.array([line.bias for line in lines.values()])

    @classmethod
    def of(cls, lines: Mapping[str, Line]) -> Lines | None:
        """These lines; None where there are none, or no numpy."""
        return cls(lines) if lines and find_spec("numpy") is not None else None

    def values_of(self, row: Row) -> dict[str, float]:
        """The log odds of yes for a sparse row, by the name of the line."""
        import numpy as np  # noqa: PLC0415 - as above

        found = np.array(row.values) @ self._weights[row.places] if row.places else 0.0
        return dict(zip(self._names, (found + self._biases).tolist(), strict=True))


def balanced(answers: Sequence[bool]) -> tuple[float, float]:
    """The weight of each no and of each yes with which both sides weigh the same; there must be both."""
    yes = sum(answers)
    return len(answers) / (2 * (len(answers) - yes)), len(answers) / (2 * yes)


def fit_rows(rows: Sequence[Row], answers: Sequence[bool], size: int, strength: float) -> Line:
    """Learn from sparse rows by coordinate descent in the dual (Yu, Huang and Lin, 2011).

    `strength` is what a mistake costs, against the length of the weights. The bias is one more feature, always 1.
    """
    if find_spec("numpy") is not None:
        return _fit_rows(_fast(rows), answers, _zeros(size), strength=strength, product=_fast_product, add=_fast_add)
    return _fit_rows(rows, answers, [0.0] * size, strength=strength, product=product, add=add)


def _fit_rows(
    rows: Sequence[Any],
    answers: Sequence[bool],
    weights: Any,
    *,
    strength: float,
    product: Callable[[Any, Any], float],
    add: Callable[[Any, Any, float], None],
) -> Line:
    limits = [strength * side for side in balanced(answers)]
    bias = 0.0
    norms = [1.0 + math.fsum(value * value for value in row[1]) for row in rows]
    shares = [min(1e-3 * limits[yes], 1e-3) for yes in answers]
    for row, yes, share in zip(rows, answers, shares, strict=True):
        sign = 1.0 if yes else -1.0
        add(weights, row, sign * share)
        bias += sign * share
    order = _mixed(len(rows))
    for _ in range(_EPOCHS):
        for at in order:
            sign = 1.0 if answers[at] else -1.0
            margin = sign * (product(rows[at], weights) + bias)
            moved = _step(shares[at], margin, norms[at], limits[answers[at]])
            change = sign * (moved - shares[at])
            if change:
                add(weights, rows[at], change)
                bias += change
                shares[at] = moved
    return Line([round(float(weight), _DIGITS) for weight in weights], round(bias, _DIGITS))


def _fast(rows: Sequence[Row]) -> list[tuple[Any, Any]]:
    """Rows as arrays, a tenth of the time; sums differ behind the digits that are kept."""
    import numpy as np  # noqa: PLC0415 - belongs to an extra

    return [(np.array(row.places, dtype=np.intp), np.array(row.values)) for row in rows]


def _zeros(size: int) -> Any:
    import numpy as np  # noqa: PLC0415 - as above

    return np.zeros(size)


def _fast_product(row: tuple[Any, Any], weights: Any) -> float:
    return float(weights[row[0]] @ row[1])


def _fast_add(weights: Any, row: tuple[Any, Any], times: float) -> None:
    weights[row[0]] += times * row[1]


def _mixed(size: int) -> list[int]:
    """All numbers below `size` in an order in which neighbours are far apart, always the same."""
    stride = next((one for one in (7919, 104729, 15485863) if math.gcd(one, size) == 1), 1)
    return [index * stride % size for index in range(size)]


def _step(share: float, margin: float, norm: float, limit: float) -> float:
    """The share of one example that is best while all others stay: Newton's method, kept inside its bounds."""
    low, high = 1e-9 * limit, limit * (1 - 1e-9)
    found = min(max(share, low), high)
    for _ in range(_STEPS):
        slope = margin + norm * (found - share) + math.log(found / (limit - found))
        bend = norm + limit / (found * (limit - found))
        following = found - slope / bend
        if following <= low:
            following = (found + low) / 2
        elif following >= high:
            following = (found + high) / 2
        found = following
    return found


def fit_points(points: Points, answers: Sequence[bool], strength: float) -> tuple[Points, float]:
    """Learn from points (one a row) by Newton's method; gives weights and bias, to be used as `points @ w + b`."""
    import numpy as np  # noqa: PLC0415 - belongs to an extra

    rows = np.hstack([np.asarray(points, dtype=np.float64), np.ones((len(points), 1))])
    yes = np.asarray(answers, dtype=bool)
    signs = np.where(yes, 1.0, -1.0)
    costs = strength * np.where(yes, *reversed(balanced(answers)))
    # In the space of the examples: they are fewer than dimensions, or not many more.
    kernel = rows @ rows.T
    shares = np.zeros(len(rows))
    for _ in range(25):
        odds = signs * (kernel @ shares)
        wrong = 1 / (1 + np.exp(np.clip(odds, -50, 50)))
        target = signs * costs * wrong
        bend = costs * wrong * (1 - wrong)
        # (I + D K) step = target - shares, from the gradient K (shares - target) = 0
        step = np.linalg.solve(np.eye(len(rows)) + bend[:, None] * kernel, target - shares)
        shares = shares + step
        if float(np.abs(step).max()) < 1e-9 * max(1.0, strength):
            break
    learnt = np.round(rows.T @ shares, _DIGITS)
    return learnt[:-1], float(learnt[-1])

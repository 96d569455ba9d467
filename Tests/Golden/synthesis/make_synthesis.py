"""Makes synthesis.csv: table, label, x, y, danger, generated; by imbalanced-learn.

python3 make_synthesis.py   (imbalanced-learn 0.14.2, scikit-learn 1.9.1, numpy)

Three tables of points in the plane, labels 1 rarer than 0. `danger` is 1 where BorderlineSMOTE (kind 1, 10 neighbours)
finds the point on the border; `generated` is how many points ADASYN (5 neighbours) makes from it; both 0 for label 0.
"""
import os

import numpy as np
from imblearn.over_sampling import ADASYN, BorderlineSMOTE

state = 2026


def uniform():
    global state
    state = (1103515245 * state + 12345) % 2**31
    return state / 2**31


lines = []
for table, (rows, slope) in enumerate([(60, 1.0), (150, 2.0), (400, 0.6)]):
    points = np.array([[uniform(), uniform()] for _ in range(rows)])
    labels = np.array([int(uniform() < slope * x * y) for x, y in points])
    if labels.sum() * 2 > rows:
        raise SystemExit("label 1 must be the rarer")
    border = BorderlineSMOTE(k_neighbors=5, m_neighbors=10, kind="borderline-1", random_state=0)
    border.fit_resample(points, labels)
    rare = points[labels == 1]
    danger = border._in_danger_noise(border.nn_m_, rare, 1, labels, kind="danger")
    seen = []
    rint = np.rint
    np.rint = lambda values, *rest, **named: seen.append(rint(values, *rest, **named)) or seen[-1]
    ADASYN(n_neighbors=5, random_state=0).fit_resample(points, labels)
    np.rint = rint
    counts = next(s for s in seen if np.shape(s) == (len(rare),)).astype(int)
    marks = iter(zip(danger, counts))
    for (x, y), label in zip(points, labels):
        on_border, count = next(marks) if label else (0, 0)
        lines.append(f"{table},{label},{float(x)!r},{float(y)!r},{int(on_border)},{int(count)}")
    print(table, "rare", len(rare), "danger", int(danger.sum()), "generated", counts.sum(), "of",
          rows - 2 * len(rare))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "synthesis.csv"), "w") as file:
    file.write("\n".join(lines) + "\n")

"""Makes metrics.csv: figure, sample, alpha, beta, value, offer, contact, result; by the Python references.

python3 make_metrics.py   (empulse 0.13.1, scikit-learn 1.9.1, relplot 1.0.3, numpy)

The samples are 200 labelled scores from a linear congruential generator as they are, rounded to one digit (ties), turned
round, and squeezed towards 0. The five terms of profit are 0 for figures that have none.
"""
import os

import numpy as np
from empulse.metrics import empc_score, mpc_score
from relplot import smECE
from sklearn.isotonic import IsotonicRegression

state, draws = 12345, []
for _ in range(400):
    state = (1103515245 * state + 12345) % 2**31
    draws.append(state / 2**31)
scores = np.array(draws[:200])
labels = (np.array(draws[200:]) < scores * scores).astype(int)
samples = {
    "plain": scores,
    "rounded": np.round(scores * 10) / 10,
    "turned": 1 - scores,
    "squeezed": scores * scores * scores,
}
terms = [
    (6.0, 14.0, 200.0, 10.0, 1.0),
    (1.0, 1.0, 50.0, 5.0, 0.5),
    (2.0, 30.0, 1000.0, 300.0, 20.0),
    (20.0, 3.0, 12.0, 10.0, 0.0),
    (0.5, 0.5, 80.0, 0.0, 30.0),
]


def brier(p):
    return float(np.mean((p - labels) ** 2))


def log_loss(p):
    given = np.clip(np.where(labels == 1, p, 1 - p), 1e-15, 1)
    return float(np.mean(-np.log(given)))


lines = []


def row(figure, sample, values, result):
    lines.append(",".join([figure, sample, *(repr(float(v)) for v in values), repr(float(result))]))


for sample, p in samples.items():
    for t in terms:
        named = dict(clv=t[2], incentive_cost=t[3], contact_cost=t[4])
        row("empc", sample, t, empc_score(labels, p, alpha=t[0], beta=t[1], **named))
        row("mpc", sample, t, mpc_score(labels, p, accept_rate=t[0] / (t[0] + t[1]), **named))
    best = IsotonicRegression(y_min=0, y_max=1).fit(p, labels).predict(p)
    base = np.full(200, labels.mean())
    for name, score in [("brier", brier), ("log", log_loss)]:
        row(name + ".miscalibration", sample, [0] * 5, score(p) - score(best))
        row(name + ".discrimination", sample, [0] * 5, score(base) - score(best))
        row(name + ".uncertainty", sample, [0] * 5, score(base))
# The reference counts rows at 0 and 1 by half and cuts its bell at half the range, so only this sample is comparable.
row("smooth", "plain", [0] * 5, smECE(scores, labels.astype(float)))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "metrics.csv"), "w") as file:
    file.write("\n".join(lines) + "\n")

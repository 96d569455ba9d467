"""Makes distributions.csv: name, parameters a and b, argument, value; with mpmath at 60 digits.

python3 make_distributions.py   (mpmath 1.3 or newer)
"""
import os

from mpmath import mp, mpf, betainc, erfc, gammainc, loggamma, sqrt

mp.dps = 60
rows = []


def row(name, a, b, x, value):
    rows.append(f"{name},{a!r},{b!r},{x!r},{mp.nstr(value, 18, min_fixed=0, max_fixed=0)}")


def gamma_upper(a, x):
    return gammainc(mpf(a), mpf(x), mp.inf, regularized=True)


def beta_lower(a, b, x1, x2):
    """Integral over [x1, x2]; mpmath's own converges slowly near 1, so the smaller side is integrated."""
    return betainc(mpf(a), mpf(b), mpf(x1), mpf(x2), regularized=True)


for x in [0.001, 0.01, 0.1, 0.5, 1.5, 2.5, 3.0, 7.25, 10.0, 33.3, 1e3, 123456.5, 1e8]:
    row("logGamma", 0.0, 0.0, x, loggamma(mpf(x)))
for z in [-8.0, -3.0, -0.5, 0.0, 1e-9, 0.1, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 37.0]:
    row("normal", 0.0, 0.0, z, erfc(mpf(z) / sqrt(mpf(2))) / 2)
for df in [1.0, 2.0, 3.5, 7.0, 19.0, 100.0, 1000.0, 100000.0]:
    for factor in [0.01, 0.3, 0.9, 1.0, 1.1, 2.0, 5.0]:
        x = df * factor
        if df > 1000 and factor in (0.01, 5.0):
            continue
        row("chiSquare", df, 0.0, x, gamma_upper(mpf(df) / 2, mpf(x) / 2))
for df, x in [(1.0, 1000.0), (4.0, 1012.851010525), (2.0, 1400.0), (50.0, 1200.0)]:
    row("chiSquare", df, 0.0, x, gamma_upper(mpf(df) / 2, mpf(x) / 2))
for df in [1.0, 2.5, 8.705977863, 30.0, 500.0, 2899.931868464]:
    for t in [0.0, 0.1, 1.0, 2.5, 5.0, 12.0, 30.0]:
        y = mpf(df) / (mpf(df) + mpf(t) ** 2)
        row("student", df, 0.0, t, beta_lower(mpf(df) / 2, mpf(1) / 2, 0, y) / 2)
for d1, d2 in [(1.0, 9998.0), (3.0, 10.0), (10.0, 3.0), (50.0, 60.0)]:
    for f in [0.01, 0.5, 1.0, 2.0, 6.725039329, 40.0]:
        y = mpf(d2) / (mpf(d2) + mpf(d1) * mpf(f))
        row("fisher", d1, d2, f, beta_lower(mpf(d2) / 2, mpf(d1) / 2, 0, y))
for a, b in [(0.5, 0.5), (6.0, 14.0), (60.0, 1.0), (100.0, 900.0), (0.2, 3.0)]:
    for x in [1e-6, 0.05, 0.3, 0.6, 0.95]:
        row("beta", a, b, x, beta_lower(a, b, 0, x))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "distributions.csv"), "w") as out:
    out.write("\n".join(rows) + "\n")

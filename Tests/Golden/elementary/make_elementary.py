"""Makes elementary.csv: name, input bits, correctly rounded output bits (hex), with mpmath at 300 bits."""
import os
import random
import struct

import mpmath as m

m.mp.prec = 300
random.seed(20)


def bits(x):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", x))[0]


def rounded(v):
    """The double nearest to v: mpmath rounds normal numbers; subnormals are rounded on their own grid."""
    if v != 0 and abs(v) < m.mpf(2) ** -1022:
        return float(int(m.nint(v * m.mpf(2) ** 1074))) * 2.0 ** -1074
    return float(v)


spread = lambda low, high, n: [random.uniform(low, high) for _ in range(n)]
tiny = lambda n: [random.choice([-1, 1]) * 10 ** random.uniform(-18, -1) for _ in range(n)]
cases = {
    "exponential": (m.exp, spread(-745, 709.7, 300) + spread(-40, 40, 300) + spread(-1, 1, 300) + tiny(100)),
    "exponentialMinusOne": (m.expm1, spread(-1.2, 1.2, 600) + spread(-45, 700, 200) + tiny(200)),
    "logarithm": (
        m.log,
        [10 ** random.uniform(-320, 308) for _ in range(300)] + spread(0.4, 2.2, 500)
        + [1 + t for t in tiny(200)],
    ),
    "logarithmOnePlus": (
        m.log1p,
        [10 ** random.uniform(-3, 300) for _ in range(200)] + spread(-0.999999, 3, 500) + tiny(300),
    ),
    "logistic": (lambda x: 1 / (1 + m.exp(-x)), spread(-700, 60, 200) + spread(-10, 10, 500) + tiny(50)),
    "logit": (
        lambda p: m.log(p / (1 - p)),
        spread(0, 1, 500) + [0.5 + t for t in tiny(100)] + [10 ** random.uniform(-300, -1) for _ in range(100)],
    ),
    "logOnePlusExponential": (
        lambda x: m.log1p(m.exp(x)), spread(-700, 700, 200) + spread(-40, 40, 400) + tiny(50)
    ),
}
with open(os.path.join(os.path.dirname(__file__), "elementary.csv"), "w") as out:
    for name, (function, inputs) in cases.items():
        for x in inputs:
            out.write("%s,%s,%s\n" % (name, bits(x), bits(rounded(function(m.mpf(x))))))

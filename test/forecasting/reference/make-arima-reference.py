"""Writes arima-reference.json: generated series of known order and what statsmodels makes of them.

    python make-arima-reference.py > arima-reference.json

Needs statsmodels (the file says which version made it). Same order on both sides; the test holds our numbers against these.
"""
import json
import warnings

import numpy as np
import statsmodels
from statsmodels.tsa.statespace.sarimax import SARIMAX

LENGTH, HORIZON = 400, 24
CASES = [  # name, order, constant, ar, ma, gaps
    ("AR(1)", (1, 0, 0), True, [0.7], [], False),
    ("MA(1)", (0, 0, 1), True, [], [0.6], False),
    ("ARMA(1,1)", (1, 0, 1), True, [0.8], [0.4], False),
    ("ARMA(1,1) with gaps", (1, 0, 1), True, [0.8], [0.4], True),
    ("ARIMA(1,1,1)", (1, 1, 1), False, [0.5], [0.3], False),
    ("ARIMA(1,1,1) with gaps", (1, 1, 1), False, [0.5], [0.3], True),
    ("ARIMA(2,1,2)", (2, 1, 2), False, [0.6, -0.3], [0.5, 0.2], False),
    ("ARIMA(1,1,0) with drift", (1, 1, 0), True, [0.6], [], False),
]


def generate(order, constant, ar, ma, rng):
    burn = 200
    e = rng.normal(size=LENGTH + burn)
    w = np.zeros(LENGTH + burn)
    for t in range(3, len(w)):
        w[t] = sum(a * w[t - 1 - i] for i, a in enumerate(ar)) + e[t] + sum(m * e[t - 1 - i] for i, m in enumerate(ma))
    w = w[burn:] + (0.3 if constant and order[1] == 1 else 0)
    return 50 + (np.cumsum(w) if order[1] == 1 else w)


def main():
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(20261125)
    cases = []
    for name, order, constant, ar, ma, gaps in CASES:
        values = np.round(generate(order, constant, ar, ma, rng), 4)
        if gaps:
            values[50:58] = np.nan
            values[rng.choice(np.arange(100, LENGTH - 5), 30, replace=False)] = np.nan
        # A regressor of 1 (or t) makes the constant the mean (or drift) itself, as on our side.
        trend = np.arange(LENGTH + HORIZON, dtype=float) ** order[1]
        model = SARIMAX(values, exog=trend[:LENGTH] if constant else None, order=order)
        fit = model.fit(disp=0, maxiter=500, method="lbfgs")
        fit = model.fit(start_params=fit.params, disp=0, maxiter=2000, method="nm", xtol=1e-9, ftol=1e-10)
        forecast = fit.get_forecast(HORIZON, exog=trend[LENGTH:, None] if constant else None)
        params = dict(zip(model.param_names, fit.params))
        cases.append({
            "name": name,
            "order": {"ar": order[0], "differences": order[1], "ma": order[2], "constant": constant},
            "values": [None if np.isnan(v) else float(v) for v in values],
            "logLikelihood": round(float(fit.llf), 5),
            "ar": [round(float(params[f"ar.L{i + 1}"]), 5) for i in range(order[0])],
            "ma": [round(float(params[f"ma.L{i + 1}"]), 5) for i in range(order[2])],
            "constant": round(float(params.get("x1", params.get("const", 0.0))), 5),
            "variance": round(float(params["sigma2"]), 5),
            "mean": [round(float(v), 5) for v in forecast.predicted_mean],
            "deviation": [round(float(v), 5) for v in forecast.se_mean],
        })
    print(json.dumps({"madeBy": f"statsmodels {statsmodels.__version__}", "cases": cases}))


main()

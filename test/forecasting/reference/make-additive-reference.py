"""Writes additive-reference.json: generated series of known components and what Prophet makes of them.

    python make-additive-reference.py > additive-reference.json

Needs prophet (the file says which version made it). Trend, daily and weekly season of the same orders on both sides.
"""
import json
import logging

import numpy as np
import pandas as pd
import prophet
from prophet import Prophet

DAY, DAYS = 48, 28  # half hours
LENGTH, HORIZON = DAY * DAYS, DAY
CASES = [  # name, slope a day, bend (day, slope), daily, weekly
    ("trend and daily season", 0.5, None, 10, 0),
    ("trend, daily and weekly season", 0.3, None, 10, 5),
    ("a bend of the trend, daily and weekly season", 0.0, (14, 1.0), 8, 4),
]


def main():
    for name in ("cmdstanpy", "prophet"):
        logging.getLogger(name).setLevel(logging.ERROR)
    rng = np.random.default_rng(20261125)
    cases = []
    for name, slope, bend, daily, weekly in CASES:
        t = np.arange(LENGTH)
        days = t / DAY
        values = 50 + slope * days + daily * np.sin(2 * np.pi * days) + 0.4 * daily * np.cos(4 * np.pi * days) + weekly * np.sin(2 * np.pi * days / 7)
        if bend:
            values += np.maximum(0, days - bend[0]) * (bend[1] - slope)
        values = np.round(values + 0.5 * rng.normal(size=LENGTH), 2)
        frame = pd.DataFrame({"ds": pd.date_range("2026-01-05", periods=LENGTH, freq="30min"), "y": values})
        model = Prophet(daily_seasonality=8, weekly_seasonality=10, yearly_seasonality=False)
        model.fit(frame, seed=1)
        future = model.make_future_dataframe(periods=HORIZON, freq="30min", include_history=False)
        cases.append({"name": name, "values": values.tolist(), "mean": [round(float(v), 4) for v in model.predict(future)["yhat"]]})
    print(json.dumps({"madeBy": f"prophet {prophet.__version__}", "stepMs": 1800000, "cases": cases}))


main()

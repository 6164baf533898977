"""Seconds of CPU that peers take for a series: fit and forecast with intervals, one thread.

Reads {"series": [[value, ...], ...], "horizons": [6, 288]} from standard input (5-minute samples) and writes one JSON line per peer and horizon:
{"peer", "horizon", "series", "seconds"}. A peer's first series is not timed: libraries compile and load then.
"""
import json
import logging
import os
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy as np
import pandas as pd


def cpu():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def prophet(values, horizon):
    from prophet import Prophet

    stamps = pd.date_range("2026-01-05", periods=len(values) + horizon, freq="5min")
    model = Prophet(interval_width=0.9)
    model.fit(pd.DataFrame({"ds": stamps[: len(values)], "y": values}))
    return model.predict(pd.DataFrame({"ds": stamps[len(values):]}))["yhat_upper"].to_numpy()


def of_statsforecast(name, **options):
    def forecast(values, horizon):
        from statsforecast import models

        model = getattr(models, name)(**options)
        return model.forecast(y=np.asarray(values, dtype=float), h=horizon, level=[80, 90])["mean"]

    return forecast


PEERS = {
    "Prophet": (prophet, (6, 288)),
    "AutoETS": (of_statsforecast("AutoETS", season_length=1), (6,)),
    "AutoARIMA": (of_statsforecast("AutoARIMA", season_length=1), (6,)),
    "AutoTheta": (of_statsforecast("AutoTheta", season_length=1), (6,)),
    "MSTL": (of_statsforecast("MSTL", season_length=288), (288,)),
}


def main():
    task = json.load(sys.stdin)
    for name, (forecast, horizons) in PEERS.items():
        for horizon in task["horizons"]:
            if horizon not in horizons:
                continue
            forecast(task["series"][0], horizon)
            before = cpu()
            for values in task["series"]:
                forecast(values, horizon)
            seconds = (cpu() - before) / len(task["series"])
            print(json.dumps({"peer": name, "horizon": horizon, "series": len(task["series"]), "seconds": seconds}), flush=True)


main()

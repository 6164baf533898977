"""Log likelihood, Viterbi path and refit of Gaussian hidden Markov models by hmmlearn: what ours is held to.

Reads {"models": [{"initial", "transitions", "means", "deviations", "sequences": [[value, ...], ...]}]} from standard input, and writes one JSON line
per model: {"logLikelihood", "viterbi" (log probability of the first sequence's best path), "refitLogLikelihood", "refitSeconds"} (20 iterations from the
same parameters, no priors).
"""
import json
import sys
import time

import numpy as np
from hmmlearn.hmm import GaussianHMM


def model_of(task, **options):
    model = GaussianHMM(n_components=len(task["means"]), covariance_type="diag", **options)
    model.startprob_ = np.array(task["initial"])
    model.transmat_ = np.array(task["transitions"])
    model.means_ = np.array(task["means"])[:, None]
    model.covars_ = np.array(task["deviations"])[:, None] ** 2
    return model


for task in json.load(sys.stdin)["models"]:
    values = np.concatenate([np.array(one) for one in task["sequences"]])[:, None]
    lengths = [len(one) for one in task["sequences"]]
    model = model_of(task)
    score = model.score(values, lengths)
    path, _ = model.decode(np.array(task["sequences"][0])[:, None])
    refit = model_of(task, init_params="", n_iter=20, tol=-np.inf, covars_prior=0, covars_weight=0, min_covar=0)
    start = time.process_time()
    refit.fit(values, lengths)
    seconds = time.process_time() - start
    print(json.dumps({"logLikelihood": score, "viterbi": path, "refitLogLikelihood": refit.score(values, lengths), "refitSeconds": seconds}), flush=True)

"""Did a prompt get better or worse, and can we be sure? Pure functions over rates and amounts.

A case is one request and has one or more samples, the independent answers to it. A rung is one
step of a ladder of proof, and each sample passed it or did not. The case is the unit
everywhere: samples of one case are alike, so more of them make a case's value surer but are no
further cases.
"""

from assistant.experiment.statistics.amounts import Shift, bootstrap_difference
from assistant.experiment.statistics.decision import Decision, Verdict, decide
from assistant.experiment.statistics.family import holm
from assistant.experiment.statistics.paired import Paired, even_shares, mcnemar
from assistant.experiment.statistics.power import cases_needed, chance_of_missing, more_cases
from assistant.experiment.statistics.rates import Interval, discriminates, pass_at_k, pass_hat_k, wilson

__all__ = [
    "Decision",
    "Interval",
    "Paired",
    "Shift",
    "Verdict",
    "bootstrap_difference",
    "cases_needed",
    "chance_of_missing",
    "decide",
    "discriminates",
    "even_shares",
    "holm",
    "mcnemar",
    "more_cases",
    "pass_at_k",
    "pass_hat_k",
    "wilson",
]

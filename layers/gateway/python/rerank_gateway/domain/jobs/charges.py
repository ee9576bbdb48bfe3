"""What a job is charged of which nobody can tell what it has cost: all of its bill."""

from __future__ import annotations

from dataclasses import replace

from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.domain.spending.bill import NO_CHARGE, Charge
from rerank_gateway.domain.spending.cost import MAY_BE_BILLED


def charge_of_failure(job: Job, error: Exception) -> Charge:
    """What is charged for a try of *job* that failed with *error*: nothing, unless a provider may have billed it."""
    tries = error.attempts if isinstance(error, AllTargetsFailed) else ()
    is_billed = any(isinstance(attempt.error, MAY_BE_BILLED) for attempt in tries)

    return job.bill.whole if job.bill and is_billed else NO_CHARGE


def charged_unseen(job: Job, outcome: Outcome, claims: int = 0) -> Outcome:
    """*outcome*, with the charge of a *job* that had more than so many *claims*: one of them may be billed."""
    return replace(outcome, charge=job.bill.whole) if job.bill and job.claims > claims else outcome

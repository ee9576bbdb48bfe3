"""Many questions, several side by side, and no more spent than was allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.errors import CommandError, ExitCode
from cli.evaluation.answers import Answer, AnswerFile
from cli.evaluation.questions import Question

Ask = Callable[[Question], Answer]


@dataclass
class Spending:
    """What has been spent and what is being asked for, in USD, against the *maximum*."""

    maximum: float | None
    spent: float = 0.0
    _reserved: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def reserve(self, question: Question) -> None:
        """Raises CommandError where *question* could lead beyond the maximum."""
        with self._lock:
            expected = self.spent + self._reserved + question.estimated_cost
            if self.maximum is not None and expected > self.maximum:
                raise CommandError(
                    f"stopped at {self.spent:.4f} of --max-cost {self.maximum:g} USD; what was answered is kept",
                    ExitCode.LIMITED,
                )
            self._reserved += question.estimated_cost

    def settle(self, question: Question, answer: Answer) -> None:
        """What failed is counted as if it had cost its estimate: nobody knows."""
        with self._lock:
            self._reserved -= question.estimated_cost
            self.spent += question.estimated_cost if answer.cost is None else answer.cost


@dataclass(frozen=True)
class Asking:
    """Asks by *ask*, *parallel* at a time, what *kept* has no answer for."""

    ask: Ask
    kept: AnswerFile
    parallel: int
    spending: Spending

    def missing(self, questions: Sequence[Question]) -> list[Question]:
        return [question for question in questions if self.kept.get(question.key) is None]

    def answers_of_model(self, questions: Sequence[Question], title: str) -> list[Answer]:
        """The same for questions to one of the models under evaluation, which may go another way."""
        return self.answers(questions, title)

    def answers(self, questions: Sequence[Question], title: str) -> list[Answer]:
        """One for each of *questions*. The first CommandError ends it when what is under way has ended."""
        with _progress() as progress, ThreadPoolExecutor(self.parallel) as threads:
            task = progress.add_task(title, total=len(questions))
            waiting = [threads.submit(self._answer, question) for question in questions]
            for each in waiting:
                each.add_done_callback(lambda _: progress.advance(task))
            try:
                return [each.result() for each in waiting]
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def _answer(self, question: Question) -> Answer:
        if known := self.kept.get(question.key):
            return known
        self.spending.reserve(question)
        answer = self.ask(question)
        self.spending.settle(question, answer)
        self.kept.keep(question.key, answer)

        return answer


def require_affordable(questions: Sequence[Question], maximum: float) -> None:
    """Raises CommandError before anything is asked, where the estimate is above *maximum* USD or cannot be made."""
    if unknown := dict.fromkeys(each.model.name for each in questions if not each.model.price_known):
        raise CommandError(
            f"the gateway knows no price for {', '.join(unknown)}, so --max-cost cannot be kept: the configuration's "
            "[prices] can tell it",
            ExitCode.USAGE,
        )
    estimate = sum(question.estimated_cost for question in questions)
    if estimate > maximum:
        raise CommandError(
            f"{len(questions)} questions would cost about {estimate:.4f} USD, more than --max-cost {maximum:g}",
            ExitCode.LIMITED,
        )


def _progress() -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())

    console = Console(stderr=True)

    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

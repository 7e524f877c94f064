"""The terms on which a project of one's own is judged: its policy, and what is wrong with its suppressions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from evaluators import baseline, policy
from evaluators.baseline import BaselineError, Entry
from evaluators.configuration import Configuration, ConfigurationError
from evaluators.draft import Subject
from evaluators.finding import Finding, Severity
from evaluators.policy import Policy
from evaluators.report import NotChecked, Reason, StageResult

PARTLY = frozenset(
    {
        Reason.RULE_CRASHED, Reason.TOOL_FAILED, Reason.NOT_PARSED, Reason.NOT_DELIVERED, Reason.TIME_BOUND,
        Reason.EARLIER_STAGE_FAILED, Reason.CANCELLED, Reason.NOTHING_TO_CHECK, Reason.NOT_SUPPORTED,
    }
)  # fmt: skip
"""Reasons for which a stage's rules may have seen less than there is: then nothing is called unused."""


@dataclass(frozen=True)
class Terms:
    """What `Gate` applies to each stage's result, and says at the end."""

    policy: Policy
    wrong: tuple[Finding, ...] = ()
    """What is wrong with the form of suppressions."""
    known: tuple[Entry, ...] = ()
    """The baseline's entries."""
    known_in: str = ""
    """The baseline's path, as it was named."""

    def settled(self, result: StageResult) -> StageResult:
        """A stage's result as the policy sees it."""
        return policy.settled(result, self.policy)

    def closed(self, results: Iterable[StageResult]) -> StageResult | None:
        """The stage `suppressions`, or None where there is nothing to say."""
        held = [result for result in results if result.stage.name != "suppressions"]
        ran = frozenset(result.stage.name for result in held if (result.doubt or result.stage.reason) not in PARTLY)
        gone = baseline.stale(self.known, held, self.policy, ran, self.known_in) if self.known else []
        return policy.closing(held, self.policy, ran, [*self.wrong, *gone])

    def with_known(self, entries: tuple[Entry, ...], path: str) -> Terms:
        """These terms with a baseline."""
        made = replace(self.policy, baseline=baseline.known(entries))
        return replace(self, policy=made, known=entries, known_in=path)

    @property
    def not_checked(self) -> tuple[NotChecked, ...]:
        """The rules that were switched off."""
        return policy.off(self.policy)


def terms_of(
    subject: Subject,
    configuration: Configuration,
    *,
    preset: str = "",
    fail_on: str = "",
    known_in: Path | None = None,
) -> Terms:
    """The terms of a subject; what is given wins over the configuration. `known_in` is a baseline's file.

    A draft's own suppressions have no effect: the stage `code` makes findings of them.

    Raises:
        ConfigurationError: the baseline cannot be read.
    """
    made = Policy(
        preset=preset or configuration.preset or Policy().preset,
        levels=configuration.levels,
        fail_on=Severity(fail_on) if fail_on else configuration.fail_on or Severity.ERROR,
    )
    wrong: tuple[Finding, ...] = ()
    if not subject.hostile:
        from evaluators.suppressing import read, speaks

        speaking = [artifact for artifact in subject.draft if speaks(artifact)]
        if speaking:
            from evaluators.catalogue import load_all

            load_all()
            found = read(speaking)
            made, wrong = replace(made, suppressions=found.suppressions), found.findings
    terms = Terms(made, wrong)
    if known_in is None:
        return terms
    return terms.with_known(_entries(known_in), known_in.as_posix())


def _entries(path: Path) -> tuple[Entry, ...]:
    """The entries of a baseline's file. Raises ConfigurationError."""
    try:
        return baseline.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "no UTF-8 text"
        raise ConfigurationError(f"{path}: {why}", f"make it with --write-baseline {path}") from error
    except BaselineError as error:
        raise ConfigurationError(f"{path}: {error}", f"make it anew with --write-baseline {path}") from error

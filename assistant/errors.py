"""Every error that a user can meet, and its exit code.

    BackwrightError                  4  infrastructure or internal
    ├── UsageError                   2  what was asked cannot be understood
    │   ├── BriefError               2  the sentence contradicts itself, is empty or too long
    │   ├── RecipeError              2  a recipe is missing, ambiguous or malformed
    │   └── SettingsError            2  an option, variable or configuration file is wrong
    ├── ModelError                   4  the endpoint did not give an answer
    │   ├── ModelUnreachable         4
    │   ├── ModelRefused             4  401, 403: the key; 404: the model
    │   ├── ModelBusy                4  429 or 5xx after all retries
    │   └── NoRecording              4  nothing recorded for this request
    │       └── StaleRecording       4  recorded, but the prompt has changed since
    ├── LandingError                 4  the project could not take the change
    │   └── Conflict                 1  files of the project were changed by hand
    ├── JournalError                 4  the run history cannot be read or written
    │   └── HeldElsewhere            4  another process advances the run
    └── RunCancelled               130  somebody asked for the run's end

Each carries a message (what and where) and a hint (how to mend it).
"""

from __future__ import annotations


class BackwrightError(Exception):
    """The root: `message` says what and where, `hint` how to mend it."""

    exit_code = 4

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(BackwrightError):
    """What was asked cannot be understood."""

    exit_code = 2


class BriefError(UsageError):
    """The sentence contradicts itself, is empty or too long."""


class RecipeError(UsageError):
    """A recipe is missing, ambiguous or malformed."""


class SettingsError(UsageError):
    """An option, variable or configuration file is wrong."""


class ModelError(BackwrightError):
    """The endpoint did not give an answer."""


class ModelUnreachable(ModelError):
    """No connection, or no answer in time."""


class ModelRefused(ModelError):
    """The endpoint refused the key (401, 403) or does not know the model (404)."""


class ModelBusy(ModelError):
    """429 or 5xx after all retries."""


class NoRecording(ModelError):
    """Nothing is recorded for this request."""


class StaleRecording(NoRecording):
    """The run's earlier requests were recorded, and this one has changed since."""


class LandingError(BackwrightError):
    """The project could not take the change; it is as it was."""


class Conflict(LandingError):
    """Files of the project were changed by hand since they were landed."""

    exit_code = 1


class JournalError(BackwrightError):
    """The run history cannot be read or written."""


class HeldElsewhere(JournalError):
    """Another process advances the run."""


class RunCancelled(BackwrightError):
    """Somebody asked for the run's end."""

    exit_code = 130

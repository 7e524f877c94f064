"""The transaction of an operation."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.data.database import open_session
from app.refusals import ConflictError, NotFoundError, RefusalError

TITLE_TAKEN = "The course has another one with this title."
CONFLICTS = {
    "courses_owner_id_title_key": "You have another course with this title.",
    "lessons_course_id_title_key": TITLE_TAKEN,
    "quizzes_course_id_title_key": TITLE_TAKEN,
    "assignments_course_id_title_key": TITLE_TAKEN,
    "enrolments_course_id_learner_id_key": "You are enrolled already.",
    "attempts_in_progress_key": "An attempt is in progress.",
    "attempts_enrolment_id_quiz_id_attempt_no_key": "An attempt is in progress.",
    "submissions_live_key": "A submission waits for its grade or has passed.",
    "certificates_enrolment_id_key": "The certificate is issued already.",
}

# The references from what learners have to what an instructor may delete.
REFERENCES = frozenset(
    {
        "enrolments_course_id_fkey",
        "lesson_completions_lesson_id_fkey",
        "attempts_quiz_id_fkey",
        "submissions_assignment_id_fkey",
    }
)
IN_USE = "The records of a learner refer to it."


def _refusal(error: IntegrityError, *, deleting: bool) -> RefusalError | None:
    """Give the refusal that a violated constraint stands for."""
    if not isinstance(error.orig, psycopg.Error):
        return None
    name = error.orig.diag.constraint_name or ""
    if name in REFERENCES:
        return ConflictError(IN_USE) if deleting else NotFoundError()
    detail = CONFLICTS.get(name)
    return None if detail is None else ConflictError(detail)


@contextmanager
def transaction(*, deleting: bool = False) -> Iterator[Session]:
    """One transaction; a violated constraint becomes its refusal.

    A deletion may meet records of learners, which stay: a conflict. Any other
    operation may refer to what has just been deleted: it is not found.
    """
    try:
        with open_session() as session:
            yield session
    except IntegrityError as error:
        refusal = _refusal(error, deleting=deleting)
        if refusal is None:
            raise
        raise refusal from error

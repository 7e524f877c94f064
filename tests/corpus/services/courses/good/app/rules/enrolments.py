"""The rules of enrolments and their progress."""

from dataclasses import dataclass

from sqlmodel import Session

from app.data import courses, enrolments
from app.data.rows import Page, Window, insert
from app.data.tables import EnrolmentRow
from app.refusals import ConflictError, ForbiddenError, NotFoundError
from app.rules.access import standing_in
from app.rules.transaction import transaction


@dataclass(frozen=True)
class Progress:
    """What the course asks for and what is done."""

    lessons_total: int
    lessons_completed: int
    quizzes_total: int
    quizzes_passed: int
    assignments_total: int
    assignments_passed: int

    @property
    def complete(self) -> bool:
        """Whether everything is done."""
        return (
            self.lessons_completed >= self.lessons_total
            and self.quizzes_passed >= self.quizzes_total
            and self.assignments_passed >= self.assignments_total
        )


def measure(session: Session, enrolment: EnrolmentRow) -> Progress:
    """Count the progress of an enrolment."""
    return Progress(
        *enrolments.progress_counts(session, enrolment.id, enrolment.course_id)
    )


def of_course(caller: int, course_id: int, window: Window) -> Page[EnrolmentRow]:
    """List the enrolments in a course for its instructor."""
    with transaction() as session:
        if not courses.owned(session, course_id, caller):
            raise NotFoundError
        return enrolments.of_course(session, course_id, window)


def of_caller(caller: int, window: Window) -> Page[EnrolmentRow]:
    """List the caller's enrolments."""
    with transaction() as session:
        return enrolments.of_learner(session, caller, window)


def create(caller: int, course_id: int) -> EnrolmentRow:
    """Enrol the caller, once."""
    with transaction() as session:
        courses.lock_shared(session, course_id)
        standing = standing_in(session, caller, course_id)
        if not standing.reads_course:
            raise NotFoundError
        if standing.teaches:
            raise ForbiddenError("The instructor cannot enrol in their own course.")
        if standing.enrolment_id is not None:
            raise ConflictError("You are enrolled already.")
        row = EnrolmentRow(course_id=course_id, learner_id=caller)
        return insert(session, row)


def read(caller: int, enrolment_id: int) -> EnrolmentRow:
    """Read an enrolment for its learner or the instructor."""
    with transaction() as session:
        row = enrolments.find_for_party(session, enrolment_id, caller)
        if row is None:
            raise NotFoundError
        return row


def progress(caller: int, enrolment_id: int) -> Progress:
    """Read the progress for the learner or the instructor."""
    with transaction() as session:
        row = enrolments.find_for_party(session, enrolment_id, caller)
        if row is None:
            raise NotFoundError
        return measure(session, row)

"""Queries about attempts."""

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from app.data.rows import Page, Window, fetch_page
from app.data.tables import AttemptRow, CourseRow, EnrolmentRow


def of_quiz(
    session: Session, quiz_id: int, enrolment_id: int | None, window: Window
) -> Page[AttemptRow]:
    """List the attempts at a quiz, of all learners or of one enrolment."""
    statement = select(AttemptRow).where(AttemptRow.quiz_id == quiz_id)
    if enrolment_id is not None:
        statement = statement.where(AttemptRow.enrolment_id == enrolment_id)
    return fetch_page(session, statement.order_by(col(AttemptRow.id)), window)


def find_for_party(
    session: Session, attempt_id: int, user_id: int
) -> AttemptRow | None:
    """Read an attempt for its learner or the instructor of the course."""
    statement = (
        select(AttemptRow)
        .join(EnrolmentRow, col(EnrolmentRow.id) == col(AttemptRow.enrolment_id))
        .join(CourseRow, col(CourseRow.id) == col(EnrolmentRow.course_id))
        .where(
            AttemptRow.id == attempt_id,
            or_(
                col(EnrolmentRow.learner_id) == user_id,
                col(CourseRow.owner_id) == user_id,
            ),
        )
    )
    return session.exec(statement).first()


def enrolment_id_of(session: Session, attempt_id: int) -> int | None:
    """Give the enrolment that an attempt belongs to; this never changes."""
    return session.exec(
        select(AttemptRow.enrolment_id).where(AttemptRow.id == attempt_id)
    ).first()


def lock(session: Session, attempt_id: int) -> AttemptRow | None:
    """Lock an attempt."""
    statement = (
        select(AttemptRow)
        .where(AttemptRow.id == attempt_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).first()


def tally(session: Session, enrolment_id: int, quiz_id: int) -> tuple[int, int]:
    """Count the attempts of an enrolment at a quiz: all, and those in progress."""
    number = func.count(col(AttemptRow.id))
    running = number.filter(col(AttemptRow.status) == "in_progress")
    row = session.exec(
        select(number.label("used"), running.label("running")).where(
            AttemptRow.enrolment_id == enrolment_id,
            AttemptRow.quiz_id == quiz_id,
        )
    ).one()
    return (row[0], row[1])

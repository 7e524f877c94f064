"""Queries about submissions."""

from sqlmodel import Session, col, or_, select

from app.data.rows import Page, Window, fetch_page
from app.data.tables import AssignmentRow, CourseRow, EnrolmentRow, SubmissionRow


def of_assignment(
    session: Session, assignment_id: int, enrolment_id: int | None, window: Window
) -> Page[SubmissionRow]:
    """List the submissions for an assignment, of all or of one enrolment."""
    statement = select(SubmissionRow).where(
        SubmissionRow.assignment_id == assignment_id
    )
    if enrolment_id is not None:
        statement = statement.where(SubmissionRow.enrolment_id == enrolment_id)
    return fetch_page(session, statement.order_by(col(SubmissionRow.id)), window)


def find_for_party(
    session: Session, submission_id: int, user_id: int
) -> SubmissionRow | None:
    """Read a submission for its learner or the instructor of the course."""
    statement = (
        select(SubmissionRow)
        .join(EnrolmentRow, col(EnrolmentRow.id) == col(SubmissionRow.enrolment_id))
        .join(CourseRow, col(CourseRow.id) == col(EnrolmentRow.course_id))
        .where(
            SubmissionRow.id == submission_id,
            or_(
                col(EnrolmentRow.learner_id) == user_id,
                col(CourseRow.owner_id) == user_id,
            ),
        )
    )
    return session.exec(statement).first()


def pass_score_for_instructor(
    session: Session, submission_id: int, owner_id: int
) -> int | None:
    """Give the pass_score that counts, if the user teaches the course."""
    statement = (
        select(AssignmentRow.pass_score)
        .select_from(SubmissionRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(SubmissionRow.assignment_id))
        .join(CourseRow, col(CourseRow.id) == col(AssignmentRow.course_id))
        .where(SubmissionRow.id == submission_id, CourseRow.owner_id == owner_id)
    )
    return session.exec(statement).first()


def lock(session: Session, submission_id: int) -> SubmissionRow | None:
    """Lock a submission."""
    statement = (
        select(SubmissionRow)
        .where(SubmissionRow.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).first()


def has_live(session: Session, enrolment_id: int, assignment_id: int) -> bool:
    """Tell whether one waits for its grade or has passed."""
    statement = (
        select(SubmissionRow.id)
        .where(
            SubmissionRow.enrolment_id == enrolment_id,
            SubmissionRow.assignment_id == assignment_id,
            col(SubmissionRow.status).in_(["submitted", "passed"]),
        )
        .limit(1)
    )
    return session.exec(statement).first() is not None


def has_failed_with(
    session: Session, enrolment_id: int, assignment_id: int, body: str
) -> bool:
    """Tell whether the same text has failed before."""
    statement = (
        select(SubmissionRow.id)
        .where(
            SubmissionRow.enrolment_id == enrolment_id,
            SubmissionRow.assignment_id == assignment_id,
            SubmissionRow.status == "failed",
            SubmissionRow.body == body,
        )
        .limit(1)
    )
    return session.exec(statement).first() is not None

"""Queries about enrolments, completions and progress."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert as insert_into
from sqlmodel import Session, col, or_, select

from app.data.rows import Page, Window, fetch_page
from app.data.tables import (
    AssignmentRow,
    AttemptRow,
    CourseRow,
    EnrolmentRow,
    LessonCompletionRow,
    LessonRow,
    QuizRow,
    SubmissionRow,
)


def of_course(session: Session, course_id: int, window: Window) -> Page[EnrolmentRow]:
    """List the enrolments in a course."""
    statement = (
        select(EnrolmentRow)
        .where(EnrolmentRow.course_id == course_id)
        .order_by(col(EnrolmentRow.learner_id))
    )
    return fetch_page(session, statement, window)


def of_learner(session: Session, learner_id: int, window: Window) -> Page[EnrolmentRow]:
    """List the enrolments of a learner."""
    statement = (
        select(EnrolmentRow)
        .where(EnrolmentRow.learner_id == learner_id)
        .order_by(col(EnrolmentRow.id))
    )
    return fetch_page(session, statement, window)


def find_for_party(
    session: Session, enrolment_id: int, user_id: int
) -> EnrolmentRow | None:
    """Read an enrolment for its learner or the instructor of the course."""
    statement = (
        select(EnrolmentRow)
        .join(CourseRow, col(CourseRow.id) == col(EnrolmentRow.course_id))
        .where(
            EnrolmentRow.id == enrolment_id,
            or_(
                col(EnrolmentRow.learner_id) == user_id,
                col(CourseRow.owner_id) == user_id,
            ),
        )
    )
    return session.exec(statement).first()


def id_in_course(session: Session, course_id: int, learner_id: int) -> int | None:
    """Give the id of the learner's enrolment in a course."""
    return session.exec(
        select(EnrolmentRow.id).where(
            EnrolmentRow.course_id == course_id,
            EnrolmentRow.learner_id == learner_id,
        )
    ).first()


def lock_in_course(
    session: Session, course_id: int, learner_id: int
) -> EnrolmentRow | None:
    """Lock the learner's enrolment in a course."""
    statement = (
        select(EnrolmentRow)
        .where(
            EnrolmentRow.course_id == course_id,
            EnrolmentRow.learner_id == learner_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).first()


def lock_of_learner(
    session: Session, enrolment_id: int, learner_id: int
) -> EnrolmentRow | None:
    """Lock an enrolment of its learner."""
    statement = (
        select(EnrolmentRow)
        .where(EnrolmentRow.id == enrolment_id, EnrolmentRow.learner_id == learner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).first()


def complete_lesson(session: Session, enrolment_id: int, lesson_id: int) -> None:
    """Note that a lesson is completed; once is enough."""
    session.exec(
        insert_into(LessonCompletionRow)
        .values(enrolment_id=enrolment_id, lesson_id=lesson_id)
        .on_conflict_do_nothing(
            constraint="lesson_completions_enrolment_id_lesson_id_key"
        )
    )


def progress_counts(
    session: Session, enrolment_id: int, course_id: int
) -> tuple[int, int, int, int, int, int]:
    """Count, in one statement, what the course asks for and what is done."""
    lessons_total = (
        select(func.count(col(LessonRow.id)))
        .where(LessonRow.course_id == course_id)
        .scalar_subquery()
    )
    lessons_completed = (
        select(func.count(col(LessonCompletionRow.id)))
        .where(LessonCompletionRow.enrolment_id == enrolment_id)
        .scalar_subquery()
    )
    quizzes_total = (
        select(func.count(col(QuizRow.id)))
        .where(QuizRow.course_id == course_id)
        .scalar_subquery()
    )
    quizzes_passed = (
        select(func.count(func.distinct(col(AttemptRow.quiz_id))))
        .where(
            AttemptRow.enrolment_id == enrolment_id,
            col(AttemptRow.passed).is_(True),
        )
        .scalar_subquery()
    )
    assignments_total = (
        select(func.count(col(AssignmentRow.id)))
        .where(AssignmentRow.course_id == course_id)
        .scalar_subquery()
    )
    assignments_passed = (
        select(func.count(func.distinct(col(SubmissionRow.assignment_id))))
        .where(
            SubmissionRow.enrolment_id == enrolment_id,
            SubmissionRow.status == "passed",
        )
        .scalar_subquery()
    )
    row = session.exec(
        select(
            lessons_total.label("lessons_total"),
            lessons_completed.label("lessons_completed"),
            quizzes_total.label("quizzes_total"),
            quizzes_passed.label("quizzes_passed"),
            assignments_total.label("assignments_total"),
            assignments_passed.label("assignments_passed"),
        )
    ).one()
    return (row[0], row[1], row[2], row[3], row[4], row[5])

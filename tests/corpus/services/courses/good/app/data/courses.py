"""Queries about courses."""

from sqlalchemy import and_
from sqlmodel import Session, col, select

from app.data.rows import Page, Window, fetch_page
from app.data.tables import (
    CourseRow,
    EnrolmentRow,
    LessonRow,
    QuizOptionRow,
    QuizQuestionRow,
    QuizRow,
)


def published(session: Session, window: Window) -> Page[CourseRow]:
    """List what everybody may see."""
    statement = (
        select(CourseRow)
        .where(CourseRow.status == "published")
        .order_by(col(CourseRow.id))
    )
    return fetch_page(session, statement, window)


def owned_by(session: Session, owner_id: int, window: Window) -> Page[CourseRow]:
    """List the courses of an instructor."""
    statement = (
        select(CourseRow)
        .where(CourseRow.owner_id == owner_id)
        .order_by(col(CourseRow.id))
    )
    return fetch_page(session, statement, window)


def lock_owned(session: Session, course_id: int, owner_id: int) -> CourseRow | None:
    """Lock a course of its instructor for a change."""
    statement = (
        select(CourseRow)
        .where(CourseRow.id == course_id, CourseRow.owner_id == owner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).first()


def lock_shared(session: Session, course_id: int) -> None:
    """Keep a course from being changed until the end of the transaction."""
    session.exec(
        select(CourseRow.id)
        .where(CourseRow.id == course_id)
        .with_for_update(read=True)
    ).first()


def owned(session: Session, course_id: int, owner_id: int) -> bool:
    """Tell whether the user teaches this course."""
    statement = select(CourseRow.id).where(
        CourseRow.id == course_id, CourseRow.owner_id == owner_id
    )
    return session.exec(statement).first() is not None


def with_enrolment(
    session: Session, course_id: int, user_id: int
) -> tuple[CourseRow, int | None] | None:
    """Read a course and the id of the user's enrolment in it, if there is one."""
    statement = (
        select(CourseRow, EnrolmentRow.id)
        .select_from(CourseRow)
        .join(
            EnrolmentRow,
            and_(
                col(EnrolmentRow.course_id) == col(CourseRow.id),
                col(EnrolmentRow.learner_id) == user_id,
            ),
            isouter=True,
        )
        .where(CourseRow.id == course_id)
    )
    found = session.exec(statement).first()
    return None if found is None else (found[0], found[1])


def title_of(session: Session, course_id: int) -> str:
    """Give the title of a course that exists."""
    return session.exec(select(CourseRow.title).where(CourseRow.id == course_id)).one()


def has_lesson(session: Session, course_id: int) -> bool:
    """Tell whether the course has any lesson."""
    statement = select(LessonRow.id).where(LessonRow.course_id == course_id).limit(1)
    return session.exec(statement).first() is not None


def has_unanswerable_question(session: Session, course_id: int) -> bool:
    """Tell whether a question of the course has no correct option."""
    correct = (
        select(QuizOptionRow.id)
        .where(
            col(QuizOptionRow.question_id) == col(QuizQuestionRow.id),
            col(QuizOptionRow.is_correct).is_(True),
        )
        .correlate(QuizQuestionRow)
        .exists()
    )
    statement = (
        select(QuizQuestionRow.id)
        .join(QuizRow, col(QuizRow.id) == col(QuizQuestionRow.quiz_id))
        .where(QuizRow.course_id == course_id, ~correct)
        .limit(1)
    )
    return session.exec(statement).first() is not None

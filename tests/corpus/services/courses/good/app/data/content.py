"""Queries about lessons, quizzes and assignments, which are found alike."""

from typing import TypeVar

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.data.rows import Page, Window, fetch_page
from app.data.tables import (
    AssignmentRow,
    LessonRow,
    QuizOptionRow,
    QuizQuestionRow,
    QuizRow,
)

ContentRow = TypeVar("ContentRow", LessonRow, QuizRow, AssignmentRow)


def course_id_of(
    session: Session, table: type[ContentRow], row_id: int
) -> int | None:
    """Give the course that a row belongs to; this never changes."""
    return session.exec(select(table.course_id).where(table.id == row_id)).first()


def find(
    session: Session, table: type[ContentRow], row_id: int
) -> ContentRow | None:
    """Read a row."""
    return session.exec(select(table).where(table.id == row_id)).first()


def lessons_of(session: Session, course_id: int, window: Window) -> Page[LessonRow]:
    """List the lessons of a course."""
    statement = (
        select(LessonRow)
        .where(LessonRow.course_id == course_id)
        .order_by(col(LessonRow.sort_order), col(LessonRow.id))
    )
    return fetch_page(session, statement, window)


def quizzes_of(session: Session, course_id: int, window: Window) -> Page[QuizRow]:
    """List the quizzes of a course."""
    statement = (
        select(QuizRow)
        .where(QuizRow.course_id == course_id)
        .order_by(col(QuizRow.id))
    )
    return fetch_page(session, statement, window)


def assignments_of(
    session: Session, course_id: int, window: Window
) -> Page[AssignmentRow]:
    """List the assignments of a course."""
    statement = (
        select(AssignmentRow)
        .where(AssignmentRow.course_id == course_id)
        .order_by(col(AssignmentRow.id))
    )
    return fetch_page(session, statement, window)


def questions_of(session: Session, quiz_id: int) -> list[QuizQuestionRow]:
    """Read the questions of a quiz in their order."""
    statement = (
        select(QuizQuestionRow)
        .where(QuizQuestionRow.quiz_id == quiz_id)
        .order_by(col(QuizQuestionRow.question_no))
    )
    return list(session.exec(statement).all())


def options_of(session: Session, quiz_id: int) -> list[QuizOptionRow]:
    """Read all options of a quiz, in the order of questions and options."""
    statement = (
        select(QuizOptionRow)
        .join(
            QuizQuestionRow,
            col(QuizQuestionRow.id) == col(QuizOptionRow.question_id),
        )
        .where(QuizQuestionRow.quiz_id == quiz_id)
        .order_by(col(QuizQuestionRow.question_no), col(QuizOptionRow.option_no))
    )
    return list(session.exec(statement).all())


def delete_questions(session: Session, quiz_id: int) -> None:
    """Delete the questions of a quiz; the database deletes their options."""
    session.exec(
        delete(QuizQuestionRow)
        .where(col(QuizQuestionRow.quiz_id) == quiz_id)
        .execution_options(synchronize_session=False)
    )

"""The rules of quizzes with their questions."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.data import content
from app.data.rows import Page, Window, insert
from app.data.tables import QuizOptionRow, QuizQuestionRow, QuizRow
from app.rules.access import (
    content_reader,
    own_draft,
    own_draft_content,
    readable_content,
)
from app.rules.transaction import transaction
from app.schemas import QuizInput, QuizQuestionInput


@dataclass(frozen=True)
class OptionDetail:
    """An option as one reader sees it."""

    option_no: int
    option_text: str
    is_correct: bool | None


@dataclass(frozen=True)
class QuestionDetail:
    """A question with its options."""

    question_no: int
    prompt: str
    options: list[OptionDetail]


@dataclass(frozen=True)
class QuizDetail:
    """A quiz with its questions."""

    id: int
    course_id: int
    title: str
    pass_percent: int
    max_attempts: int
    created_at: datetime
    questions: list[QuestionDetail]


def _detail(session: Session, quiz: QuizRow, *, solved: bool) -> QuizDetail:
    """Read the questions; only the instructor sees the solution."""
    options: dict[int, list[OptionDetail]] = {}
    for row in content.options_of(session, quiz.id):
        options.setdefault(row.question_id, []).append(
            OptionDetail(
                option_no=row.option_no,
                option_text=row.option_text,
                is_correct=row.is_correct if solved else None,
            )
        )
    questions = [
        QuestionDetail(
            question_no=row.question_no,
            prompt=row.prompt,
            options=options.get(row.id, []),
        )
        for row in content.questions_of(session, quiz.id)
    ]
    return QuizDetail(
        id=quiz.id,
        course_id=quiz.course_id,
        title=quiz.title,
        pass_percent=quiz.pass_percent,
        max_attempts=quiz.max_attempts,
        created_at=quiz.created_at,
        questions=questions,
    )


def _add_questions(
    session: Session, quiz_id: int, questions: list[QuizQuestionInput]
) -> None:
    """Insert the questions and options, numbered from 1 in the order given."""
    rows = [
        QuizQuestionRow(quiz_id=quiz_id, question_no=number, prompt=question.prompt)
        for number, question in enumerate(questions, start=1)
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        QuizOptionRow(
            question_id=row.id,
            option_no=number,
            option_text=option.option_text,
            is_correct=option.is_correct,
        )
        for row, question in zip(rows, questions, strict=True)
        for number, option in enumerate(question.options, start=1)
    )
    session.flush()


def listing(caller: int, course_id: int, window: Window) -> Page[QuizRow]:
    """List the quizzes of a course."""
    with transaction() as session:
        content_reader(session, caller, course_id)
        return content.quizzes_of(session, course_id, window)


def create(caller: int, course_id: int, body: QuizInput) -> QuizDetail:
    """Add a quiz to a draft."""
    with transaction() as session:
        own_draft(session, caller, course_id)
        quiz = insert(
            session,
            QuizRow(
                course_id=course_id,
                title=body.title,
                pass_percent=body.pass_percent,
                max_attempts=body.max_attempts,
            ),
        )
        _add_questions(session, quiz.id, body.questions)
        return _detail(session, quiz, solved=True)


def read(caller: int, quiz_id: int) -> QuizDetail:
    """Read a quiz with its questions."""
    with transaction() as session:
        quiz, standing = readable_content(session, caller, QuizRow, quiz_id)
        return _detail(session, quiz, solved=standing.teaches)


def replace(caller: int, quiz_id: int, body: QuizInput) -> QuizDetail:
    """Replace a quiz of a draft with all of its questions."""
    with transaction() as session:
        quiz = own_draft_content(session, caller, QuizRow, quiz_id)
        quiz.title = body.title
        quiz.pass_percent = body.pass_percent
        quiz.max_attempts = body.max_attempts
        session.flush()
        content.delete_questions(session, quiz_id)
        _add_questions(session, quiz_id, body.questions)
        return _detail(session, quiz, solved=True)


def delete(caller: int, quiz_id: int) -> None:
    """Delete a quiz of a draft; the database deletes its questions."""
    with transaction(deleting=True) as session:
        session.delete(own_draft_content(session, caller, QuizRow, quiz_id))

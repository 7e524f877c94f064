"""The tables of schema.sql. The service never creates or alters them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    Text,
    func,
)
from sqlmodel import Field, SQLModel


def _key() -> Column[Any]:
    return Column(BigInteger, Identity(always=True), primary_key=True)


def _reference(target: str, on_delete: str) -> Column[Any]:
    return Column(BigInteger, ForeignKey(target, ondelete=on_delete), nullable=False)


def _text(*, nullable: bool = False) -> Column[Any]:
    return Column(Text, nullable=nullable)


def _integer(*, nullable: bool = False) -> Column[Any]:
    return Column(Integer, nullable=nullable)


def _created() -> Column[Any]:
    return Column(DateTime(timezone=True), nullable=False, server_default=func.now())


def _moment() -> Column[Any]:
    return Column(DateTime(timezone=True), nullable=True)


class UserRow(SQLModel, table=True):
    """A user, provisioned by the identity service."""

    __tablename__ = "users"

    id: int = Field(default=None, sa_column=_key())
    display_name: str = Field(sa_column=_text())


class CourseRow(SQLModel, table=True):
    """A course."""

    __tablename__ = "courses"

    id: int = Field(default=None, sa_column=_key())
    owner_id: int = Field(sa_column=_reference("users.id", "RESTRICT"))
    title: str = Field(sa_column=_text())
    description: str = Field(sa_column=_text())
    status: str = Field(default="draft", sa_column=_text())
    created_at: datetime = Field(default=None, sa_column=_created())


class LessonRow(SQLModel, table=True):
    """A lesson."""

    __tablename__ = "lessons"

    id: int = Field(default=None, sa_column=_key())
    course_id: int = Field(sa_column=_reference("courses.id", "CASCADE"))
    title: str = Field(sa_column=_text())
    body: str = Field(sa_column=_text())
    sort_order: int = Field(sa_column=_integer())
    created_at: datetime = Field(default=None, sa_column=_created())


class QuizRow(SQLModel, table=True):
    """A quiz."""

    __tablename__ = "quizzes"

    id: int = Field(default=None, sa_column=_key())
    course_id: int = Field(sa_column=_reference("courses.id", "CASCADE"))
    title: str = Field(sa_column=_text())
    pass_percent: int = Field(sa_column=_integer())
    max_attempts: int = Field(sa_column=_integer())
    created_at: datetime = Field(default=None, sa_column=_created())


class QuizQuestionRow(SQLModel, table=True):
    """A question of a quiz."""

    __tablename__ = "quiz_questions"

    id: int = Field(default=None, sa_column=_key())
    quiz_id: int = Field(sa_column=_reference("quizzes.id", "CASCADE"))
    question_no: int = Field(sa_column=_integer())
    prompt: str = Field(sa_column=_text())


class QuizOptionRow(SQLModel, table=True):
    """An option of a question."""

    __tablename__ = "quiz_options"

    id: int = Field(default=None, sa_column=_key())
    question_id: int = Field(sa_column=_reference("quiz_questions.id", "CASCADE"))
    option_no: int = Field(sa_column=_integer())
    option_text: str = Field(sa_column=_text())
    is_correct: bool = Field(sa_column=Column(Boolean, nullable=False))


class AssignmentRow(SQLModel, table=True):
    """An assignment."""

    __tablename__ = "assignments"

    id: int = Field(default=None, sa_column=_key())
    course_id: int = Field(sa_column=_reference("courses.id", "CASCADE"))
    title: str = Field(sa_column=_text())
    instructions: str = Field(sa_column=_text())
    pass_score: int = Field(sa_column=_integer())
    created_at: datetime = Field(default=None, sa_column=_created())


class EnrolmentRow(SQLModel, table=True):
    """A learner in a course."""

    __tablename__ = "enrolments"

    id: int = Field(default=None, sa_column=_key())
    course_id: int = Field(sa_column=_reference("courses.id", "RESTRICT"))
    learner_id: int = Field(sa_column=_reference("users.id", "RESTRICT"))
    created_at: datetime = Field(default=None, sa_column=_created())


class LessonCompletionRow(SQLModel, table=True):
    """A lesson that a learner has completed."""

    __tablename__ = "lesson_completions"

    id: int = Field(default=None, sa_column=_key())
    enrolment_id: int = Field(sa_column=_reference("enrolments.id", "RESTRICT"))
    lesson_id: int = Field(sa_column=_reference("lessons.id", "RESTRICT"))
    completed_at: datetime = Field(default=None, sa_column=_created())


class AttemptRow(SQLModel, table=True):
    """An attempt at a quiz."""

    __tablename__ = "attempts"

    id: int = Field(default=None, sa_column=_key())
    enrolment_id: int = Field(sa_column=_reference("enrolments.id", "RESTRICT"))
    quiz_id: int = Field(sa_column=_reference("quizzes.id", "RESTRICT"))
    attempt_no: int = Field(sa_column=_integer())
    status: str = Field(default="in_progress", sa_column=_text())
    answers: list[int] | None = Field(
        default=None, sa_column=Column(ARRAY(Integer), nullable=True)
    )
    score_percent: int | None = Field(default=None, sa_column=_integer(nullable=True))
    passed: bool | None = Field(default=None, sa_column=Column(Boolean, nullable=True))
    started_at: datetime = Field(default=None, sa_column=_created())
    submitted_at: datetime | None = Field(default=None, sa_column=_moment())


class SubmissionRow(SQLModel, table=True):
    """A submission for an assignment."""

    __tablename__ = "submissions"

    id: int = Field(default=None, sa_column=_key())
    assignment_id: int = Field(sa_column=_reference("assignments.id", "RESTRICT"))
    enrolment_id: int = Field(sa_column=_reference("enrolments.id", "RESTRICT"))
    body: str = Field(sa_column=_text())
    status: str = Field(default="submitted", sa_column=_text())
    score: int | None = Field(default=None, sa_column=_integer(nullable=True))
    feedback: str | None = Field(default=None, sa_column=_text(nullable=True))
    submitted_at: datetime = Field(default=None, sa_column=_created())
    graded_at: datetime | None = Field(default=None, sa_column=_moment())


class CertificateRow(SQLModel, table=True):
    """A certificate of a completed course."""

    __tablename__ = "certificates"

    id: int = Field(default=None, sa_column=_key())
    enrolment_id: int = Field(sa_column=_reference("enrolments.id", "RESTRICT"))
    learner_name: str = Field(sa_column=_text())
    course_title: str = Field(sa_column=_text())
    issued_at: datetime = Field(default=None, sa_column=_created())

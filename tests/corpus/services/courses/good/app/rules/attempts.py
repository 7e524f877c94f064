"""The rules of attempts."""

from sqlmodel import Session

from app.data import attempts, content, enrolments
from app.data.rows import Page, Window, database_time, insert
from app.data.tables import AttemptRow, QuizRow
from app.refusals import ConflictError, NotFoundError
from app.rules import grading
from app.rules.access import own_enrolment, readable_content
from app.rules.transaction import transaction
from app.schemas import AttemptInput


def listing(caller: int, quiz_id: int, window: Window) -> Page[AttemptRow]:
    """List all attempts for the instructor, their own for the enrolled."""
    with transaction() as session:
        _, standing = readable_content(session, caller, QuizRow, quiz_id)
        whose = None if standing.teaches else standing.enrolment_id
        return attempts.of_quiz(session, quiz_id, whose, window)


def start(caller: int, quiz_id: int) -> AttemptRow:
    """Start an attempt of the caller."""
    with transaction() as session:
        course_id = content.course_id_of(session, QuizRow, quiz_id)
        enrolment = own_enrolment(session, caller, course_id)
        quiz = content.find(session, QuizRow, quiz_id)
        if quiz is None:
            raise NotFoundError
        used, running = attempts.tally(session, enrolment.id, quiz_id)
        if running:
            raise ConflictError("An attempt is in progress.")
        if used >= quiz.max_attempts:
            raise ConflictError("All attempts are used.")
        row = AttemptRow(
            enrolment_id=enrolment.id, quiz_id=quiz_id, attempt_no=used + 1
        )
        return insert(session, row)


def read(caller: int, attempt_id: int) -> AttemptRow:
    """Read an attempt for its learner or the instructor."""
    with transaction() as session:
        row = attempts.find_for_party(session, attempt_id, caller)
        if row is None:
            raise NotFoundError
        return row


def _lock_own(session: Session, caller: int, attempt_id: int) -> AttemptRow:
    """Lock the caller's enrolment, then the attempt."""
    enrolment_id = attempts.enrolment_id_of(session, attempt_id)
    if enrolment_id is None:
        raise NotFoundError
    if enrolments.lock_of_learner(session, enrolment_id, caller) is None:
        raise NotFoundError
    row = attempts.lock(session, attempt_id)
    if row is None:
        raise NotFoundError
    return row


def _solution(session: Session, quiz_id: int) -> grading.Solution:
    """Read which options of each question are correct."""
    by_question: dict[int, dict[int, bool]] = {}
    for option in content.options_of(session, quiz_id):
        by_question.setdefault(option.question_id, {})[option.option_no] = (
            option.is_correct
        )
    return [
        by_question.get(question.id, {})
        for question in content.questions_of(session, quiz_id)
    ]


def submit(caller: int, attempt_id: int, body: AttemptInput) -> AttemptRow:
    """Submit the caller's attempt, once, and grade it."""
    with transaction() as session:
        attempt = _lock_own(session, caller, attempt_id)
        if attempt.status != "in_progress":
            raise ConflictError("The attempt is submitted already.")
        quiz = content.find(session, QuizRow, attempt.quiz_id)
        if quiz is None:
            raise NotFoundError
        solution = _solution(session, quiz.id)
        if not grading.fits(body.answers, solution):
            raise ConflictError("There is not one answer for each question.")
        if not grading.choosable(body.answers, solution):
            raise ConflictError("A question does not have the option chosen.")
        score = grading.score_percent(body.answers, solution)
        # Before the first change: a query would flush a row that is half changed.
        now = database_time(session)
        attempt.status = "submitted"
        attempt.answers = list(body.answers)
        attempt.score_percent = score
        attempt.passed = score >= quiz.pass_percent
        attempt.submitted_at = now
        session.flush()
        return attempt

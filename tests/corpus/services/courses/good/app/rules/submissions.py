"""The rules of submissions and their grades."""

from app.data import content, submissions
from app.data.rows import Page, Window, database_time, insert
from app.data.tables import AssignmentRow, SubmissionRow
from app.refusals import ConflictError, NotFoundError
from app.rules import grading
from app.rules.access import own_enrolment, readable_content
from app.rules.transaction import transaction
from app.schemas import GradeInput, SubmissionInput


def listing(caller: int, assignment_id: int, window: Window) -> Page[SubmissionRow]:
    """List all submissions for the instructor, their own for the enrolled."""
    with transaction() as session:
        _, standing = readable_content(session, caller, AssignmentRow, assignment_id)
        whose = None if standing.teaches else standing.enrolment_id
        return submissions.of_assignment(session, assignment_id, whose, window)


def create(caller: int, assignment_id: int, body: SubmissionInput) -> SubmissionRow:
    """Hand in a text of the caller."""
    with transaction() as session:
        course_id = content.course_id_of(session, AssignmentRow, assignment_id)
        enrolment = own_enrolment(session, caller, course_id)
        if submissions.has_live(session, enrolment.id, assignment_id):
            raise ConflictError("A submission waits for its grade or has passed.")
        if submissions.has_failed_with(
            session, enrolment.id, assignment_id, body.body
        ):
            raise ConflictError("The same text has failed before.")
        row = SubmissionRow(
            assignment_id=assignment_id, enrolment_id=enrolment.id, body=body.body
        )
        return insert(session, row)


def read(caller: int, submission_id: int) -> SubmissionRow:
    """Read a submission for its learner or the instructor."""
    with transaction() as session:
        row = submissions.find_for_party(session, submission_id, caller)
        if row is None:
            raise NotFoundError
        return row


def grade(caller: int, submission_id: int, body: GradeInput) -> SubmissionRow:
    """Grade a submission in a course of the caller, once."""
    with transaction() as session:
        pass_score = submissions.pass_score_for_instructor(
            session, submission_id, caller
        )
        if pass_score is None:
            raise NotFoundError
        row = submissions.lock(session, submission_id)
        if row is None:
            raise NotFoundError
        if row.status != "submitted":
            raise ConflictError("The submission is graded already.")
        # Before the first change: a query would flush a row that is half changed.
        now = database_time(session)
        row.status = grading.submission_status(body.score, pass_score)
        row.score = body.score
        row.feedback = body.feedback
        row.graded_at = now
        session.flush()
        return row

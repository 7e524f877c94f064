"""The routes of submissions."""

from fastapi import Response

from app.routes.common import (
    AssignmentId,
    Caller,
    Paging,
    SubmissionId,
    created,
    refusals,
    secured_router,
)
from app.rules import submissions
from app.schemas import GradeInput, Submission, SubmissionInput, SubmissionPage

router = secured_router("submissions")


@router.get(
    "/assignments/{assignment_id}/submissions",
    operation_id="listSubmissions",
    summary="List the submissions for an assignment",
    responses=refusals(401, 404, 422),
)
def list_submissions(
    caller: Caller, assignment_id: AssignmentId, paging: Paging
) -> SubmissionPage:
    """List all for the instructor, their own for the enrolled, by id."""
    page = submissions.listing(caller, assignment_id, paging)
    return SubmissionPage.model_validate(page)


@router.post(
    "/assignments/{assignment_id}/submissions",
    operation_id="createSubmission",
    summary="Hand in a submission",
    status_code=201,
    responses=created("The submission was handed in.")
    | refusals(401, 404, 409, 422),
)
def create_submission(
    caller: Caller,
    assignment_id: AssignmentId,
    body: SubmissionInput,
    response: Response,
) -> Submission:
    """Hand in a text of the caller, who is enrolled in the course."""
    row = submissions.create(caller, assignment_id, body)
    response.headers["Location"] = f"/submissions/{row.id}"
    return Submission.model_validate(row)


@router.get(
    "/submissions/{submission_id}",
    operation_id="getSubmission",
    summary="Read a submission",
    responses=refusals(401, 404, 422),
)
def get_submission(caller: Caller, submission_id: SubmissionId) -> Submission:
    """Read for the learner and the instructor of the course."""
    return Submission.model_validate(submissions.read(caller, submission_id))


@router.put(
    "/submissions/{submission_id}/grade",
    operation_id="gradeSubmission",
    summary="Grade a submission",
    responses=refusals(401, 404, 409, 422),
)
def grade_submission(
    caller: Caller, submission_id: SubmissionId, body: GradeInput
) -> Submission:
    """Grade a submission in a course of the caller, once."""
    return Submission.model_validate(submissions.grade(caller, submission_id, body))

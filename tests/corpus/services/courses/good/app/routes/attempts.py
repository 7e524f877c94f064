"""The routes of attempts."""

from fastapi import Response

from app.routes.common import (
    AttemptId,
    Caller,
    Paging,
    QuizId,
    created,
    refusals,
    secured_router,
)
from app.rules import attempts
from app.schemas import Attempt, AttemptInput, AttemptPage

router = secured_router("attempts")


@router.get(
    "/quizzes/{quiz_id}/attempts",
    operation_id="listAttempts",
    summary="List the attempts at a quiz",
    responses=refusals(401, 404, 422),
)
def list_attempts(caller: Caller, quiz_id: QuizId, paging: Paging) -> AttemptPage:
    """List all for the instructor, their own for the enrolled, by id."""
    return AttemptPage.model_validate(attempts.listing(caller, quiz_id, paging))


@router.post(
    "/quizzes/{quiz_id}/attempts",
    operation_id="startAttempt",
    summary="Start an attempt",
    status_code=201,
    responses=created("The attempt was started.") | refusals(401, 404, 409, 422),
)
def start_attempt(caller: Caller, quiz_id: QuizId, response: Response) -> Attempt:
    """Start an attempt of the caller, who is enrolled in the course."""
    row = attempts.start(caller, quiz_id)
    response.headers["Location"] = f"/attempts/{row.id}"
    return Attempt.model_validate(row)


@router.get(
    "/attempts/{attempt_id}",
    operation_id="getAttempt",
    summary="Read an attempt",
    responses=refusals(401, 404, 422),
)
def get_attempt(caller: Caller, attempt_id: AttemptId) -> Attempt:
    """Read for the learner and the instructor of the course."""
    return Attempt.model_validate(attempts.read(caller, attempt_id))


@router.post(
    "/attempts/{attempt_id}/submit",
    operation_id="submitAttempt",
    summary="Submit an attempt",
    responses=refusals(401, 404, 409, 422),
)
def submit_attempt(
    caller: Caller, attempt_id: AttemptId, body: AttemptInput
) -> Attempt:
    """Submit the caller's attempt, once, and grade it."""
    return Attempt.model_validate(attempts.submit(caller, attempt_id, body))

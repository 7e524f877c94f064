"""The routes of assignments."""

from fastapi import Response

from app.routes.common import (
    AssignmentId,
    Caller,
    CourseId,
    Paging,
    created,
    refusals,
    secured_router,
)
from app.rules import assignments
from app.schemas import Assignment, AssignmentInput, AssignmentPage

router = secured_router("assignments")


@router.get(
    "/courses/{course_id}/assignments",
    operation_id="listAssignments",
    summary="List the assignments of a course",
    responses=refusals(401, 404, 422),
)
def list_assignments(
    caller: Caller, course_id: CourseId, paging: Paging
) -> AssignmentPage:
    """List for the instructor and the enrolled, by id."""
    page = assignments.listing(caller, course_id, paging)
    return AssignmentPage.model_validate(page)


@router.post(
    "/courses/{course_id}/assignments",
    operation_id="createAssignment",
    summary="Create an assignment",
    status_code=201,
    responses=created("The assignment was created.") | refusals(401, 404, 409, 422),
)
def create_assignment(
    caller: Caller, course_id: CourseId, body: AssignmentInput, response: Response
) -> Assignment:
    """Add an assignment to a draft of the caller."""
    row = assignments.create(caller, course_id, body)
    response.headers["Location"] = f"/assignments/{row.id}"
    return Assignment.model_validate(row)


@router.get(
    "/assignments/{assignment_id}",
    operation_id="getAssignment",
    summary="Read an assignment",
    responses=refusals(401, 404, 422),
)
def get_assignment(caller: Caller, assignment_id: AssignmentId) -> Assignment:
    """Read for the instructor and the enrolled."""
    return Assignment.model_validate(assignments.read(caller, assignment_id))


@router.put(
    "/assignments/{assignment_id}",
    operation_id="replaceAssignment",
    summary="Replace an assignment",
    responses=refusals(401, 404, 409, 422),
)
def replace_assignment(
    caller: Caller, assignment_id: AssignmentId, body: AssignmentInput
) -> Assignment:
    """Replace an assignment in a draft of the caller."""
    return Assignment.model_validate(assignments.replace(caller, assignment_id, body))


@router.delete(
    "/assignments/{assignment_id}",
    operation_id="deleteAssignment",
    summary="Delete an assignment",
    status_code=204,
    response_class=Response,
    responses=refusals(401, 404, 409, 422),
)
def delete_assignment(caller: Caller, assignment_id: AssignmentId) -> Response:
    """Delete an assignment from a draft of the caller."""
    assignments.delete(caller, assignment_id)
    return Response(status_code=204)

"""The routes of courses."""

from typing import Annotated, Literal

from fastapi import Query, Response

from app.routes.common import (
    Caller,
    CourseId,
    Paging,
    created,
    refusals,
    secured_router,
)
from app.rules import courses
from app.schemas import Course, CourseInput, CoursePage

router = secured_router("courses")

Scope = Annotated[
    Literal["catalogue", "teaching"],
    Query(description="The published courses of everybody, or the caller's own."),
]


@router.get(
    "/courses",
    operation_id="listCourses",
    summary="List courses",
    responses=refusals(401, 422),
)
def list_courses(
    caller: Caller, paging: Paging, scope: Scope = "catalogue"
) -> CoursePage:
    """List the catalogue, or what the caller teaches, by id."""
    return CoursePage.model_validate(courses.listing(caller, scope, paging))


@router.post(
    "/courses",
    operation_id="createCourse",
    summary="Create a course",
    status_code=201,
    responses=created("The course was created.") | refusals(401, 409, 422),
)
def create_course(caller: Caller, body: CourseInput, response: Response) -> Course:
    """Create a draft that the caller owns."""
    row = courses.create(caller, body)
    response.headers["Location"] = f"/courses/{row.id}"
    return Course.model_validate(row)


@router.get(
    "/courses/{course_id}",
    operation_id="getCourse",
    summary="Read a course",
    responses=refusals(401, 404, 422),
)
def get_course(caller: Caller, course_id: CourseId) -> Course:
    """Read a course that the caller may read."""
    return Course.model_validate(courses.read(caller, course_id))


@router.put(
    "/courses/{course_id}",
    operation_id="replaceCourse",
    summary="Replace a course",
    responses=refusals(401, 404, 409, 422),
)
def replace_course(caller: Caller, course_id: CourseId, body: CourseInput) -> Course:
    """Replace title and description of a draft of the caller."""
    return Course.model_validate(courses.replace(caller, course_id, body))


@router.delete(
    "/courses/{course_id}",
    operation_id="deleteCourse",
    summary="Delete a course",
    status_code=204,
    response_class=Response,
    responses=refusals(401, 404, 409, 422),
)
def delete_course(caller: Caller, course_id: CourseId) -> Response:
    """Delete a draft of the caller with all of its content."""
    courses.delete(caller, course_id)
    return Response(status_code=204)


@router.post(
    "/courses/{course_id}/publish",
    operation_id="publishCourse",
    summary="Publish a course",
    responses=refusals(401, 404, 409, 422),
)
def publish_course(caller: Caller, course_id: CourseId) -> Course:
    """Publish a draft of the caller that is ready."""
    return Course.model_validate(courses.publish(caller, course_id))


@router.post(
    "/courses/{course_id}/archive",
    operation_id="archiveCourse",
    summary="Archive a course",
    responses=refusals(401, 404, 409, 422),
)
def archive_course(caller: Caller, course_id: CourseId) -> Course:
    """Close a published course of the caller to new enrolments."""
    return Course.model_validate(courses.archive(caller, course_id))

"""The routes of enrolments."""

from fastapi import Response

from app.routes.common import (
    Caller,
    CourseId,
    EnrolmentId,
    Paging,
    created,
    refusals,
    secured_router,
)
from app.rules import enrolments
from app.schemas import Enrolment, EnrolmentPage, Progress

router = secured_router("enrolments")


@router.get(
    "/courses/{course_id}/enrolments",
    operation_id="listCourseEnrolments",
    summary="List the enrolments in a course",
    responses=refusals(401, 404, 422),
)
def list_course_enrolments(
    caller: Caller, course_id: CourseId, paging: Paging
) -> EnrolmentPage:
    """List for the instructor, by learner_id."""
    page = enrolments.of_course(caller, course_id, paging)
    return EnrolmentPage.model_validate(page)


@router.post(
    "/courses/{course_id}/enrolments",
    operation_id="createEnrolment",
    summary="Enrol in a course",
    status_code=201,
    responses=created("The caller is enrolled.") | refusals(401, 403, 404, 409, 422),
)
def create_enrolment(
    caller: Caller, course_id: CourseId, response: Response
) -> Enrolment:
    """Enrol the caller in a published course, once."""
    row = enrolments.create(caller, course_id)
    response.headers["Location"] = f"/enrolments/{row.id}"
    return Enrolment.model_validate(row)


@router.get(
    "/enrolments",
    operation_id="listEnrolments",
    summary="List the caller's enrolments",
    responses=refusals(401, 422),
)
def list_enrolments(caller: Caller, paging: Paging) -> EnrolmentPage:
    """List the enrolments of the caller, by id."""
    return EnrolmentPage.model_validate(enrolments.of_caller(caller, paging))


@router.get(
    "/enrolments/{enrolment_id}",
    operation_id="getEnrolment",
    summary="Read an enrolment",
    responses=refusals(401, 404, 422),
)
def get_enrolment(caller: Caller, enrolment_id: EnrolmentId) -> Enrolment:
    """Read for the learner and the instructor of the course."""
    return Enrolment.model_validate(enrolments.read(caller, enrolment_id))


@router.get(
    "/enrolments/{enrolment_id}/progress",
    operation_id="getProgress",
    summary="Read the progress of an enrolment",
    responses=refusals(401, 404, 422),
)
def get_progress(caller: Caller, enrolment_id: EnrolmentId) -> Progress:
    """Tell what is done and what the course asks for."""
    return Progress.model_validate(enrolments.progress(caller, enrolment_id))

"""The routes of lessons."""

from fastapi import Response

from app.routes.common import (
    Caller,
    CourseId,
    LessonId,
    Paging,
    created,
    refusals,
    secured_router,
)
from app.rules import lessons
from app.schemas import Lesson, LessonInput, LessonPage

router = secured_router("lessons")


@router.get(
    "/courses/{course_id}/lessons",
    operation_id="listLessons",
    summary="List the lessons of a course",
    responses=refusals(401, 404, 422),
)
def list_lessons(caller: Caller, course_id: CourseId, paging: Paging) -> LessonPage:
    """List for the instructor and the enrolled, by sort_order and id."""
    return LessonPage.model_validate(lessons.listing(caller, course_id, paging))


@router.post(
    "/courses/{course_id}/lessons",
    operation_id="createLesson",
    summary="Create a lesson",
    status_code=201,
    responses=created("The lesson was created.") | refusals(401, 404, 409, 422),
)
def create_lesson(
    caller: Caller, course_id: CourseId, body: LessonInput, response: Response
) -> Lesson:
    """Add a lesson to a draft of the caller."""
    row = lessons.create(caller, course_id, body)
    response.headers["Location"] = f"/lessons/{row.id}"
    return Lesson.model_validate(row)


@router.get(
    "/lessons/{lesson_id}",
    operation_id="getLesson",
    summary="Read a lesson",
    responses=refusals(401, 404, 422),
)
def get_lesson(caller: Caller, lesson_id: LessonId) -> Lesson:
    """Read for the instructor and the enrolled."""
    return Lesson.model_validate(lessons.read(caller, lesson_id))


@router.put(
    "/lessons/{lesson_id}",
    operation_id="replaceLesson",
    summary="Replace a lesson",
    responses=refusals(401, 404, 409, 422),
)
def replace_lesson(caller: Caller, lesson_id: LessonId, body: LessonInput) -> Lesson:
    """Replace a lesson in a draft of the caller."""
    return Lesson.model_validate(lessons.replace(caller, lesson_id, body))


@router.delete(
    "/lessons/{lesson_id}",
    operation_id="deleteLesson",
    summary="Delete a lesson",
    status_code=204,
    response_class=Response,
    responses=refusals(401, 404, 409, 422),
)
def delete_lesson(caller: Caller, lesson_id: LessonId) -> Response:
    """Delete a lesson from a draft of the caller."""
    lessons.delete(caller, lesson_id)
    return Response(status_code=204)


@router.put(
    "/lessons/{lesson_id}/completion",
    operation_id="completeLesson",
    summary="Complete a lesson",
    status_code=204,
    response_class=Response,
    responses=refusals(401, 404, 422),
)
def complete_lesson(caller: Caller, lesson_id: LessonId) -> Response:
    """Mark the lesson as completed by the caller, who is enrolled."""
    lessons.complete(caller, lesson_id)
    return Response(status_code=204)

"""The rules of lessons."""

from app.data import content, enrolments
from app.data.rows import Page, Window, insert
from app.data.tables import LessonRow
from app.refusals import NotFoundError
from app.rules.access import (
    content_reader,
    own_draft,
    own_draft_content,
    readable_content,
)
from app.rules.transaction import transaction
from app.schemas import LessonInput


def listing(caller: int, course_id: int, window: Window) -> Page[LessonRow]:
    """List the lessons of a course."""
    with transaction() as session:
        content_reader(session, caller, course_id)
        return content.lessons_of(session, course_id, window)


def create(caller: int, course_id: int, body: LessonInput) -> LessonRow:
    """Add a lesson to a draft."""
    with transaction() as session:
        own_draft(session, caller, course_id)
        row = LessonRow(
            course_id=course_id,
            title=body.title,
            body=body.body,
            sort_order=body.sort_order,
        )
        return insert(session, row)


def read(caller: int, lesson_id: int) -> LessonRow:
    """Read a lesson."""
    with transaction() as session:
        row, _ = readable_content(session, caller, LessonRow, lesson_id)
        return row


def replace(caller: int, lesson_id: int, body: LessonInput) -> LessonRow:
    """Replace a lesson of a draft."""
    with transaction() as session:
        row = own_draft_content(session, caller, LessonRow, lesson_id)
        row.title = body.title
        row.body = body.body
        row.sort_order = body.sort_order
        session.flush()
        return row


def delete(caller: int, lesson_id: int) -> None:
    """Delete a lesson of a draft."""
    with transaction(deleting=True) as session:
        session.delete(own_draft_content(session, caller, LessonRow, lesson_id))


def complete(caller: int, lesson_id: int) -> None:
    """Note that the caller, who is enrolled, has completed a lesson."""
    with transaction() as session:
        course_id = content.course_id_of(session, LessonRow, lesson_id)
        if course_id is None:
            raise NotFoundError
        enrolment_id = enrolments.id_in_course(session, course_id, caller)
        if enrolment_id is None:
            raise NotFoundError
        enrolments.complete_lesson(session, enrolment_id, lesson_id)

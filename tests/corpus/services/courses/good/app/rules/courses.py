"""The rules of courses."""

from typing import Literal

from app.data import courses
from app.data.rows import Page, Window, insert
from app.data.tables import CourseRow
from app.refusals import ConflictError, NotFoundError
from app.rules.access import own_course, own_draft, standing_in
from app.rules.transaction import transaction
from app.schemas import CourseInput


def listing(
    caller: int, scope: Literal["catalogue", "teaching"], window: Window
) -> Page[CourseRow]:
    """List the catalogue, or what the caller teaches."""
    with transaction() as session:
        if scope == "teaching":
            return courses.owned_by(session, caller, window)
        return courses.published(session, window)


def create(caller: int, body: CourseInput) -> CourseRow:
    """Create a draft of the caller."""
    with transaction() as session:
        row = CourseRow(
            owner_id=caller, title=body.title, description=body.description
        )
        return insert(session, row)


def read(caller: int, course_id: int) -> CourseRow:
    """Read a course that the caller may read."""
    with transaction() as session:
        standing = standing_in(session, caller, course_id)
        if not standing.reads_course:
            raise NotFoundError
        return standing.course


def replace(caller: int, course_id: int, body: CourseInput) -> CourseRow:
    """Replace title and description of a draft."""
    with transaction() as session:
        course = own_draft(session, caller, course_id)
        course.title = body.title
        course.description = body.description
        session.flush()
        return course


def delete(caller: int, course_id: int) -> None:
    """Delete a draft; the database deletes its content."""
    with transaction(deleting=True) as session:
        session.delete(own_draft(session, caller, course_id))


def publish(caller: int, course_id: int) -> CourseRow:
    """Publish a draft that is ready."""
    with transaction() as session:
        course = own_course(session, caller, course_id)
        if course.status == "archived":
            raise ConflictError("The course is archived.")
        if course.status == "draft":
            if not courses.has_lesson(session, course_id):
                raise ConflictError("The course has no lesson.")
            if courses.has_unanswerable_question(session, course_id):
                raise ConflictError("A question has no correct option.")
            course.status = "published"
        return course


def archive(caller: int, course_id: int) -> CourseRow:
    """Close a published course to new enrolments."""
    with transaction() as session:
        course = own_course(session, caller, course_id)
        if course.status == "draft":
            raise ConflictError("The course is a draft.")
        course.status = "archived"
        return course

"""Who may do what: one rule for all operations."""

from dataclasses import dataclass

from sqlmodel import Session

from app.data import content, courses, enrolments
from app.data.content import ContentRow
from app.data.tables import CourseRow, EnrolmentRow
from app.refusals import ConflictError, NotFoundError


@dataclass(frozen=True)
class Standing:
    """What the caller is in a course."""

    course: CourseRow
    teaches: bool
    enrolment_id: int | None

    @property
    def reads_course(self) -> bool:
        """Whether the caller may read the course itself."""
        if self.teaches or self.course.status == "published":
            return True
        return self.course.status == "archived" and self.enrolment_id is not None

    @property
    def reads_content(self) -> bool:
        """Whether the caller may read what is in the course."""
        return self.teaches or self.enrolment_id is not None


def standing_in(session: Session, caller: int, course_id: int | None) -> Standing:
    """Find what the caller is in a course that exists."""
    found = None
    if course_id is not None:
        found = courses.with_enrolment(session, course_id, caller)
    if found is None:
        raise NotFoundError
    course, enrolment_id = found
    return Standing(course, course.owner_id == caller, enrolment_id)


def content_reader(session: Session, caller: int, course_id: int | None) -> Standing:
    """Let the instructor and the enrolled pass."""
    standing = standing_in(session, caller, course_id)
    if not standing.reads_content:
        raise NotFoundError
    return standing


def own_course(session: Session, caller: int, course_id: int | None) -> CourseRow:
    """Lock a course that the caller teaches."""
    course = None
    if course_id is not None:
        course = courses.lock_owned(session, course_id, caller)
    if course is None:
        raise NotFoundError
    return course


def own_draft(session: Session, caller: int, course_id: int | None) -> CourseRow:
    """Lock a course that the caller teaches and may still change."""
    course = own_course(session, caller, course_id)
    if course.status != "draft":
        raise ConflictError("The course is not a draft.")
    return course


def readable_content(
    session: Session, caller: int, table: type[ContentRow], row_id: int
) -> tuple[ContentRow, Standing]:
    """Read a row of the content for the instructor or the enrolled."""
    row = content.find(session, table, row_id)
    if row is None:
        raise NotFoundError
    return row, content_reader(session, caller, row.course_id)


def own_draft_content(
    session: Session, caller: int, table: type[ContentRow], row_id: int
) -> ContentRow:
    """Lock the caller's draft that a row belongs to, and read the row."""
    own_draft(session, caller, content.course_id_of(session, table, row_id))
    row = content.find(session, table, row_id)
    if row is None:
        raise NotFoundError
    return row


def own_enrolment(
    session: Session, caller: int, course_id: int | None
) -> EnrolmentRow:
    """Lock the caller's enrolment in a course."""
    enrolment = None
    if course_id is not None:
        enrolment = enrolments.lock_in_course(session, course_id, caller)
    if enrolment is None:
        raise NotFoundError
    return enrolment

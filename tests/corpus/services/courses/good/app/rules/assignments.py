"""The rules of assignments."""

from app.data import content
from app.data.rows import Page, Window, insert
from app.data.tables import AssignmentRow
from app.rules.access import (
    content_reader,
    own_draft,
    own_draft_content,
    readable_content,
)
from app.rules.transaction import transaction
from app.schemas import AssignmentInput


def listing(caller: int, course_id: int, window: Window) -> Page[AssignmentRow]:
    """List the assignments of a course."""
    with transaction() as session:
        content_reader(session, caller, course_id)
        return content.assignments_of(session, course_id, window)


def create(caller: int, course_id: int, body: AssignmentInput) -> AssignmentRow:
    """Add an assignment to a draft."""
    with transaction() as session:
        own_draft(session, caller, course_id)
        row = AssignmentRow(
            course_id=course_id,
            title=body.title,
            instructions=body.instructions,
            pass_score=body.pass_score,
        )
        return insert(session, row)


def read(caller: int, assignment_id: int) -> AssignmentRow:
    """Read an assignment."""
    with transaction() as session:
        row, _ = readable_content(session, caller, AssignmentRow, assignment_id)
        return row


def replace(caller: int, assignment_id: int, body: AssignmentInput) -> AssignmentRow:
    """Replace an assignment of a draft."""
    with transaction() as session:
        row = own_draft_content(session, caller, AssignmentRow, assignment_id)
        row.title = body.title
        row.instructions = body.instructions
        row.pass_score = body.pass_score
        session.flush()
        return row


def delete(caller: int, assignment_id: int) -> None:
    """Delete an assignment of a draft."""
    with transaction(deleting=True) as session:
        row = own_draft_content(session, caller, AssignmentRow, assignment_id)
        session.delete(row)

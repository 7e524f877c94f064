"""What goes in and out, with the constraints of the contract."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

NO_NUL: Final = r"^[^\u0000]*$"
UUID_PATTERN: Final = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
DATE_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
COLOR_PATTERN: Final = r"^#[0-9A-Fa-f]{6}$"

_UUID = re.compile(UUID_PATTERN)
_DATE = re.compile(DATE_PATTERN)


def parse_user_id(value: object) -> UUID:
    """Take a UUID in its one written form."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or _UUID.fullmatch(value) is None:
        message = "a UUID in the form 8-4-4-4-12 is expected"
        raise ValueError(message)
    return UUID(value)


def parse_optional_user_id(value: object) -> UUID | None:
    """Take a UUID or nothing."""
    return None if value is None else parse_user_id(value)


def parse_day(value: object) -> date:
    """Take a real day in the form YYYY-MM-DD."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        message = "a date in the form YYYY-MM-DD is expected"
        raise ValueError(message)
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = "a real date is expected"
        raise ValueError(message) from None


def parse_optional_day(value: object) -> date | None:
    """Take a day or nothing."""
    return None if value is None else parse_day(value)


def to_utc(value: datetime) -> datetime:
    """Give the same moment in UTC."""
    return value.astimezone(UTC)


Name = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=100, pattern=NO_NUL),
]
LabelName = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=50, pattern=NO_NUL),
]
Title = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=200, pattern=NO_NUL),
]
LongText = Annotated[
    str, StringConstraints(strict=True, max_length=5000, pattern=NO_NUL)
]
CommentText = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=5000, pattern=NO_NUL),
]
Note = Annotated[str, StringConstraints(strict=True, max_length=500, pattern=NO_NUL)]
Color = Annotated[
    str,
    StringConstraints(strict=True, min_length=7, max_length=7, pattern=COLOR_PATTERN),
]
Minutes = Annotated[int, Field(strict=True, ge=1, le=1440)]
UserId = Annotated[
    UUID,
    BeforeValidator(parse_user_id),
    WithJsonSchema(
        {"type": "string", "format": "uuid", "maxLength": 36, "pattern": UUID_PATTERN}
    ),
]
OptionalUserId = Annotated[
    UUID | None,
    BeforeValidator(parse_optional_user_id),
    WithJsonSchema(
        {
            "type": ["string", "null"],
            "format": "uuid",
            "maxLength": 36,
            "pattern": UUID_PATTERN,
        }
    ),
]
Day = Annotated[
    date,
    BeforeValidator(parse_day),
    WithJsonSchema(
        {"type": "string", "format": "date", "maxLength": 10, "pattern": DATE_PATTERN}
    ),
]
OptionalDay = Annotated[
    date | None,
    BeforeValidator(parse_optional_day),
    WithJsonSchema(
        {
            "type": ["string", "null"],
            "format": "date",
            "maxLength": 10,
            "pattern": DATE_PATTERN,
        }
    ),
]
UtcTime = Annotated[datetime, AfterValidator(to_utc)]
TaskStatus = Literal["todo", "in_progress", "done"]
Role = Literal["owner", "admin", "member"]


class Input(BaseModel):
    """A body; unknown properties are refused."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Health(Output):
    """State of the service."""

    status: Literal["ok"]


class User(Output):
    """A user."""

    id: UUID
    display_name: str
    created_at: UtcTime


class WorkspaceInput(Input):
    """What a client sets of a workspace."""

    name: Name


class Workspace(Output):
    """A workspace."""

    id: int
    name: str
    created_at: UtcTime


class WorkspacePage(Output):
    """A page of workspaces."""

    items: list[Workspace]
    total: int


class MemberCreate(Input):
    """The user to add to a workspace."""

    user_id: UserId


class MemberRoleInput(Input):
    """The role to give."""

    role: Literal["admin", "member"]


class Member(Output):
    """A member of a workspace."""

    workspace_id: int
    user_id: UUID
    display_name: str
    role: Role
    created_at: UtcTime


class MemberPage(Output):
    """A page of members."""

    items: list[Member]
    total: int


class ProjectCreate(Input):
    """A project to create."""

    name: Name
    description: LongText = ""


class ProjectReplace(Input):
    """All that a client sets of a project."""

    name: Name
    description: LongText


class Project(Output):
    """A project."""

    id: int
    workspace_id: int
    name: str
    description: str
    created_at: UtcTime


class ProjectPage(Output):
    """A page of projects."""

    items: list[Project]
    total: int


class BoardInput(Input):
    """What a client sets of a board."""

    name: Name


class Board(Output):
    """A board."""

    id: int
    project_id: int
    name: str
    created_at: UtcTime


class BoardPage(Output):
    """A page of boards."""

    items: list[Board]
    total: int


class TaskCreate(Input):
    """A task to create."""

    title: Title
    description: LongText = ""
    assignee_id: OptionalUserId = None
    due_on: OptionalDay = None


class TaskReplace(Input):
    """All that a client sets of a task, other than its status."""

    title: Title
    description: LongText
    assignee_id: OptionalUserId
    due_on: OptionalDay


class TaskStatusInput(Input):
    """The status to move to."""

    status: TaskStatus


class Task(Output):
    """A task."""

    id: int
    board_id: int
    created_by: UUID
    assignee_id: UUID | None
    title: str
    description: str
    status: TaskStatus
    due_on: date | None
    label_ids: list[int]
    created_at: UtcTime


class TaskPage(Output):
    """A page of tasks."""

    items: list[Task]
    total: int


class LabelInput(Input):
    """What a client sets of a label."""

    name: LabelName
    color: Color


class Label(Output):
    """A label."""

    id: int
    workspace_id: int
    name: str
    color: str
    created_at: UtcTime


class LabelPage(Output):
    """A page of labels."""

    items: list[Label]
    total: int


class CommentInput(Input):
    """What a client sets of a comment."""

    body: CommentText


class Comment(Output):
    """A comment."""

    id: int
    task_id: int
    author_id: UUID
    body: str
    created_at: UtcTime


class CommentPage(Output):
    """A page of comments."""

    items: list[Comment]
    total: int


class TimeEntryCreate(Input):
    """Time to log."""

    spent_on: Day
    minutes: Minutes
    note: Note = ""


class TimeEntryReplace(Input):
    """All that a client sets of a time entry."""

    spent_on: Day
    minutes: Minutes
    note: Note


class TimeEntry(Output):
    """Time that a user spent on a task."""

    id: int
    task_id: int
    user_id: UUID
    spent_on: date
    minutes: int
    note: str
    created_at: UtcTime


class TimeEntryPage(Output):
    """A page of time entries."""

    items: list[TimeEntry]
    total: int

"""The parameters of the contract."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Path, Query
from pydantic import BeforeValidator, WithJsonSchema

from app.schemas import UUID_PATTERN, TaskStatus, parse_user_id

MAX_ID: Final = 9223372036854775807
_INTEGER = re.compile(r"-?[0-9]{1,19}")


def parse_integer(value: object) -> object:
    """Take an integer in plain decimal digits and nothing else."""
    if not isinstance(value, str):
        return value
    if _INTEGER.fullmatch(value) is None:
        message = "an integer is expected"
        raise ValueError(message)
    return int(value)


WorkspaceId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the workspace."),
    BeforeValidator(parse_integer),
]
ProjectId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the project."),
    BeforeValidator(parse_integer),
]
BoardId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the board."),
    BeforeValidator(parse_integer),
]
TaskId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the task."),
    BeforeValidator(parse_integer),
]
LabelId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the label."),
    BeforeValidator(parse_integer),
]
CommentId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the comment."),
    BeforeValidator(parse_integer),
]
TimeEntryId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the time entry."),
    BeforeValidator(parse_integer),
]
UserIdInPath = Annotated[
    UUID,
    Path(description="Id of the user."),
    BeforeValidator(parse_user_id),
    WithJsonSchema(
        {"type": "string", "format": "uuid", "maxLength": 36, "pattern": UUID_PATTERN}
    ),
]
Limit = Annotated[
    int,
    Query(ge=1, le=100, description="The most items to return."),
    BeforeValidator(parse_integer),
]
Offset = Annotated[
    int,
    Query(ge=0, le=1000000, description="The number of items to pass over."),
    BeforeValidator(parse_integer),
]
StatusFilter = Annotated[
    TaskStatus | None,
    Query(description="Only tasks in this status."),
    WithJsonSchema({"type": "string", "enum": ["todo", "in_progress", "done"]}),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]{1,100}$",
        description=(
            "Chosen by the client, one for each thing to create. The same request "
            "with the same key within 24 hours gets the first answer again and "
            "creates nothing; another request with the same key is a 409."
        ),
    ),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
            "pattern": "^[A-Za-z0-9_-]{1,100}$",
        }
    ),
]

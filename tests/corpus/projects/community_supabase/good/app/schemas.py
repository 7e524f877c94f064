from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, field_validator, model_validator

SpaceVisibility = Literal["public", "private"]
SpaceRole = Literal["member", "moderator", "owner"]
InvitedRole = Literal["member", "moderator"]
ReactionKind = Literal["like", "celebrate", "support", "insightful"]
AttendanceStatus = Literal["going", "maybe", "declined"]
ReportTarget = Literal["post", "comment", "message", "profile"]
ReportReason = Literal["spam", "harassment", "hate", "violence", "misinformation", "other"]
ReportStatus = Literal["open", "actioned", "dismissed"]
ModerationActionKind = Literal["dismiss", "warn", "remove_content", "ban_member"]
NotificationKind = Literal[
    "comment_on_post", "reply_to_comment", "role_changed", "event_cancelled", "warning", "content_removed"
]
MediaType = Literal["image/jpeg", "image/png", "image/webp", "application/pdf"]

Username = Annotated[str, Field(min_length=3, max_length=30, pattern=r"^[a-z0-9_]{3,30}$")]
DisplayName = Annotated[str, Field(min_length=1, max_length=80)]
Locale = Annotated[str, Field(min_length=2, max_length=5, pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Slug = Annotated[str, Field(min_length=3, max_length=50, pattern=r"^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$")]
PostTitle = Annotated[str, Field(min_length=1, max_length=200)]
PostBody = Annotated[str, Field(min_length=1, max_length=20000)]


class Body(BaseModel):
    """A request body: what the contract does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class Patch(Body):
    """A partial change: only what is present changes. Absent properties read as None, but an
    explicit null is refused unless the property's type admits it."""

    @model_validator(mode="after")
    def something_changes(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("At least one property is needed.")
        return self


class ProfileRef(BaseModel):
    id: UUID
    username: str
    display_name: str


class Profile(BaseModel):
    id: UUID
    username: str
    display_name: str
    bio: str
    locale: str
    avatar_upload_id: UUID | None
    created_at: datetime
    updated_at: datetime


class ProfileUpdate(Patch):
    username: Username = None
    display_name: DisplayName = None
    bio: Annotated[str, Field(max_length=500)] = None
    locale: Locale = None
    avatar_upload_id: UUID | None = None


class Space(BaseModel):
    id: UUID
    slug: str
    name: str
    description: str
    visibility: SpaceVisibility
    member_count: int
    cover_upload_id: UUID | None
    my_role: SpaceRole | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class SpaceCreate(Body):
    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=80)]
    description: Annotated[str, Field(max_length=2000)] = ""
    visibility: SpaceVisibility = "public"


class SpacePage(BaseModel):
    items: list[Space]
    next_cursor: str | None


class Member(BaseModel):
    space_id: UUID
    user: ProfileRef
    role: SpaceRole
    joined_at: datetime


class MemberRoleChange(Body):
    role: SpaceRole


class MemberPage(BaseModel):
    items: list[Member]
    next_cursor: str | None


class InvitationCreate(Body):
    email: Annotated[EmailStr, Field(max_length=254)]
    role: InvitedRole = "member"

    @field_validator("email")
    @classmethod
    def lower(cls, value: str) -> str:
        return value.lower()


class CreatedInvitation(BaseModel):
    id: UUID
    space_id: UUID
    email: str
    role: InvitedRole
    token: str
    created_at: datetime
    expires_at: datetime


class InvitationAcceptance(Body):
    token: Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]{43}$")]


class Attachment(BaseModel):
    upload_id: UUID
    media_type: MediaType
    byte_size: int
    object_path: str


class Post(BaseModel):
    id: UUID
    space_id: UUID
    author: ProfileRef | None
    title: str
    body: str
    attachments: list[Attachment]
    comment_count: int
    reaction_count: int
    my_reactions: list[ReactionKind]
    pinned_at: datetime | None
    locked_at: datetime | None
    created_at: datetime
    edited_at: datetime | None


class PostCreate(Body):
    title: PostTitle
    body: PostBody
    upload_ids: Annotated[list[UUID], Field(max_length=10)] = []

    @field_validator("upload_ids")
    @classmethod
    def unique(cls, value: list[UUID]) -> list[UUID]:
        if len(set(value)) != len(value):
            raise ValueError("Each upload is attached once.")
        return value


class PostUpdate(Patch):
    title: PostTitle = None
    body: PostBody = None


class PostPage(BaseModel):
    items: list[Post]
    next_cursor: str | None


class Comment(BaseModel):
    id: UUID
    post_id: UUID
    parent_id: UUID | None
    author: ProfileRef | None
    body: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


class CommentCreate(Body):
    body: Annotated[str, Field(min_length=1, max_length=5000)]
    parent_id: UUID | None = None


class CommentPage(BaseModel):
    items: list[Comment]
    next_cursor: str | None


class Event(BaseModel):
    id: UUID
    space_id: UUID
    organizer: ProfileRef | None
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str | None
    online_url: str | None
    capacity: int | None
    going_count: int
    my_status: AttendanceStatus | None
    cancelled_at: datetime | None
    created_at: datetime
    updated_at: datetime


class EventCreate(Body):
    title: Annotated[str, Field(min_length=1, max_length=120)]
    description: Annotated[str, Field(max_length=5000)] = ""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: Annotated[str, Field(min_length=3, max_length=64)]
    location: Annotated[str, Field(min_length=1, max_length=300)] = None
    online_url: Annotated[str, Field(max_length=500, pattern=r"^https://\S+$")] = None
    capacity: Annotated[int | None, Field(ge=1, le=10000)] = None

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("Not an IANA time zone.")
        return value

    @model_validator(mode="after")
    def coherent(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must come after starts_at.")
        if self.location is None and self.online_url is None:
            raise ValueError("Give a location, an online_url or both.")
        return self


class EventPage(BaseModel):
    items: list[Event]
    next_cursor: str | None


class AttendanceAnswer(Body):
    status: AttendanceStatus


class ReportCreate(Body):
    target_type: ReportTarget
    target_id: UUID
    reason: ReportReason
    details: Annotated[str, Field(max_length=2000)] = ""


class Report(BaseModel):
    id: UUID
    space_id: UUID | None
    target_type: ReportTarget
    target_id: UUID | None
    reason: ReportReason
    details: str
    status: ReportStatus
    created_at: datetime
    resolved_at: datetime | None


class ReportPage(BaseModel):
    items: list[Report]
    next_cursor: str | None


class ReportResolution(Body):
    action: ModerationActionKind
    note: Annotated[str, Field(max_length=1000)] = ""
    ban_expires_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def expiry_is_for_bans(self) -> Self:
        if self.ban_expires_at is not None and self.action != "ban_member":
            raise ValueError("ban_expires_at goes with ban_member only.")
        return self


class ModerationAction(BaseModel):
    id: UUID
    report_id: UUID | None
    space_id: UUID | None
    target_profile_id: UUID | None
    action: ModerationActionKind
    note: str
    created_at: datetime


class Notification(BaseModel):
    id: UUID
    kind: NotificationKind
    actor: ProfileRef | None
    space_id: UUID | None
    post_id: UUID | None
    comment_id: UUID | None
    event_id: UUID | None
    created_at: datetime
    read_at: datetime | None


class NotificationPage(BaseModel):
    items: list[Notification]
    next_cursor: str | None


class NotificationMark(Body):
    ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]

    @field_validator("ids")
    @classmethod
    def unique(cls, value: list[UUID]) -> list[UUID]:
        if len(set(value)) != len(value):
            raise ValueError("Each notification is named once.")
        return value

"""The bodies of the contract."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

NO_NUL = r"^[^\x00]*$"

Title = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=200, pattern=NO_NUL),
]
LongText = Annotated[
    str, StringConstraints(strict=True, max_length=5000, pattern=NO_NUL)
]
LessonText = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=20000, pattern=NO_NUL),
]
PromptText = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=1000, pattern=NO_NUL),
]
OptionText = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=300, pattern=NO_NUL),
]
SubmissionText = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=10000, pattern=NO_NUL),
]
FeedbackText = Annotated[
    str, StringConstraints(strict=True, max_length=2000, pattern=NO_NUL)
]
SortOrder = Annotated[int, Field(strict=True, ge=0, le=10000)]
PassPercent = Annotated[int, Field(strict=True, ge=1, le=100)]
MaxAttempts = Annotated[int, Field(strict=True, ge=1, le=20)]
Score = Annotated[int, Field(strict=True, ge=0, le=100)]
Choice = Annotated[int, Field(strict=True, ge=0, le=6)]


class Input(BaseModel):
    """What a client sends: unknown properties are refused."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """What the service answers, read from the attributes of rows."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class ProblemField(Output):
    """What is wrong with one field."""

    field: Annotated[str, Field(max_length=200)]
    message: Annotated[str, Field(max_length=300)]


class Problem(Output):
    """The one format of errors."""

    type: Annotated[str, Field(max_length=200)]
    title: Annotated[str, Field(max_length=200)]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(max_length=1000)] = ""
    errors: list[ProblemField] = Field(default_factory=list, max_length=50)


class Health(Output):
    """The service works."""

    status: Literal["ok"]


class CourseInput(Input):
    """What the instructor sets of a course."""

    title: Title
    description: LongText


class Course(Output):
    """A course."""

    id: int
    owner_id: int
    title: str
    description: str
    status: Literal["draft", "published", "archived"]
    created_at: datetime


class CoursePage(Output):
    """A page of courses."""

    items: list[Course]
    has_more: bool


class LessonInput(Input):
    """What the instructor sets of a lesson."""

    title: Title
    body: LessonText
    sort_order: SortOrder


class Lesson(Output):
    """A lesson."""

    id: int
    course_id: int
    title: str
    body: str
    sort_order: int
    created_at: datetime


class LessonPage(Output):
    """A page of lessons."""

    items: list[Lesson]
    has_more: bool


class Enrolment(Output):
    """A learner in a course."""

    id: int
    course_id: int
    learner_id: int
    created_at: datetime


class EnrolmentPage(Output):
    """A page of enrolments."""

    items: list[Enrolment]
    has_more: bool


class Progress(Output):
    """What the course asks for and what is done."""

    lessons_total: int
    lessons_completed: int
    quizzes_total: int
    quizzes_passed: int
    assignments_total: int
    assignments_passed: int
    complete: bool


class QuizOptionInput(Input):
    """An option of a question."""

    option_text: OptionText
    is_correct: StrictBool


class QuizQuestionInput(Input):
    """A question with its options, in their order."""

    prompt: PromptText
    options: Annotated[list[QuizOptionInput], Field(min_length=2, max_length=6)]


class QuizInput(Input):
    """What the instructor sets of a quiz."""

    title: Title
    pass_percent: PassPercent
    max_attempts: MaxAttempts
    questions: Annotated[list[QuizQuestionInput], Field(min_length=1, max_length=30)]


class QuizOption(Output):
    """An option; is_correct is null for everybody but the instructor."""

    option_no: int
    option_text: str
    is_correct: bool | None


class QuizQuestion(Output):
    """A question with its options, ordered by option_no."""

    question_no: int
    prompt: str
    options: list[QuizOption]


class QuizSummary(Output):
    """A quiz without its questions."""

    id: int
    course_id: int
    title: str
    pass_percent: int
    max_attempts: int
    created_at: datetime


class Quiz(Output):
    """A quiz with its questions, ordered by question_no."""

    id: int
    course_id: int
    title: str
    pass_percent: int
    max_attempts: int
    created_at: datetime
    questions: list[QuizQuestion]


class QuizPage(Output):
    """A page of quizzes."""

    items: list[QuizSummary]
    has_more: bool


class AttemptInput(Input):
    """The option chosen for each question, or 0 for none."""

    answers: Annotated[list[Choice], Field(min_length=1, max_length=30)]


class Attempt(Output):
    """An attempt; its results are null until it is submitted."""

    id: int
    enrolment_id: int
    quiz_id: int
    attempt_no: int
    status: Literal["in_progress", "submitted"]
    answers: list[int] | None
    score_percent: int | None
    passed: bool | None
    started_at: datetime
    submitted_at: datetime | None


class AttemptPage(Output):
    """A page of attempts."""

    items: list[Attempt]
    has_more: bool


class AssignmentInput(Input):
    """What the instructor sets of an assignment."""

    title: Title
    instructions: LongText
    pass_score: Score


class Assignment(Output):
    """An assignment."""

    id: int
    course_id: int
    title: str
    instructions: str
    pass_score: int
    created_at: datetime


class AssignmentPage(Output):
    """A page of assignments."""

    items: list[Assignment]
    has_more: bool


class SubmissionInput(Input):
    """What the learner hands in."""

    body: SubmissionText


class GradeInput(Input):
    """The grade that the instructor gives."""

    score: Score
    feedback: FeedbackText


class Submission(Output):
    """A submission; its grade is null until it is graded."""

    id: int
    assignment_id: int
    enrolment_id: int
    body: str
    status: Literal["submitted", "passed", "failed"]
    score: int | None
    feedback: str | None
    submitted_at: datetime
    graded_at: datetime | None


class SubmissionPage(Output):
    """A page of submissions."""

    items: list[Submission]
    has_more: bool


class Certificate(Output):
    """A certificate, with the names of the moment when it was issued."""

    id: int
    enrolment_id: int
    learner_name: str
    course_title: str
    issued_at: datetime


class CertificatePage(Output):
    """A page of certificates."""

    items: list[Certificate]
    has_more: bool

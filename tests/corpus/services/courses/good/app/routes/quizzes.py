"""The routes of quizzes."""

from fastapi import Response

from app.routes.common import (
    Caller,
    CourseId,
    Paging,
    QuizId,
    created,
    refusals,
    secured_router,
)
from app.rules import quizzes
from app.schemas import Quiz, QuizInput, QuizPage

router = secured_router("quizzes")


@router.get(
    "/courses/{course_id}/quizzes",
    operation_id="listQuizzes",
    summary="List the quizzes of a course",
    responses=refusals(401, 404, 422),
)
def list_quizzes(caller: Caller, course_id: CourseId, paging: Paging) -> QuizPage:
    """List without the questions, for the instructor and the enrolled, by id."""
    return QuizPage.model_validate(quizzes.listing(caller, course_id, paging))


@router.post(
    "/courses/{course_id}/quizzes",
    operation_id="createQuiz",
    summary="Create a quiz",
    status_code=201,
    responses=created("The quiz was created.") | refusals(401, 404, 409, 422),
)
def create_quiz(
    caller: Caller, course_id: CourseId, body: QuizInput, response: Response
) -> Quiz:
    """Add a quiz with its questions to a draft of the caller."""
    quiz = quizzes.create(caller, course_id, body)
    response.headers["Location"] = f"/quizzes/{quiz.id}"
    return Quiz.model_validate(quiz)


@router.get(
    "/quizzes/{quiz_id}",
    operation_id="getQuiz",
    summary="Read a quiz",
    responses=refusals(401, 404, 422),
)
def get_quiz(caller: Caller, quiz_id: QuizId) -> Quiz:
    """Read with the questions; only the instructor sees what is correct."""
    return Quiz.model_validate(quizzes.read(caller, quiz_id))


@router.put(
    "/quizzes/{quiz_id}",
    operation_id="replaceQuiz",
    summary="Replace a quiz",
    responses=refusals(401, 404, 409, 422),
)
def replace_quiz(caller: Caller, quiz_id: QuizId, body: QuizInput) -> Quiz:
    """Replace a quiz with all of its questions in a draft of the caller."""
    return Quiz.model_validate(quizzes.replace(caller, quiz_id, body))


@router.delete(
    "/quizzes/{quiz_id}",
    operation_id="deleteQuiz",
    summary="Delete a quiz",
    status_code=204,
    response_class=Response,
    responses=refusals(401, 404, 409, 422),
)
def delete_quiz(caller: Caller, quiz_id: QuizId) -> Response:
    """Delete a quiz from a draft of the caller."""
    quizzes.delete(caller, quiz_id)
    return Response(status_code=204)

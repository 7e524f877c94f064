"""Grading, which needs no database."""

# For each question, in order: the number of each option and whether it is correct.
Solution = list[dict[int, bool]]


def fits(answers: list[int], solution: Solution) -> bool:
    """Tell whether there is one answer for each question."""
    return len(answers) == len(solution)


def choosable(answers: list[int], solution: Solution) -> bool:
    """Tell whether every option chosen exists; 0 is no answer."""
    return all(
        answer == 0 or answer in options
        for answer, options in zip(answers, solution, strict=True)
    )


def score_percent(answers: list[int], solution: Solution) -> int:
    """Give 100 times the right answers divided by the questions, rounded down."""
    right = sum(
        options.get(answer, False)
        for answer, options in zip(answers, solution, strict=True)
    )
    return 100 * right // len(solution)


def submission_status(score: int, pass_score: int) -> str:
    """Tell whether a submission has passed."""
    return "passed" if score >= pass_score else "failed"

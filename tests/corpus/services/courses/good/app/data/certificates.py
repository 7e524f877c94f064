"""Queries about certificates."""

from sqlmodel import Session, col, or_, select

from app.data.rows import Page, Window, fetch_page
from app.data.tables import CertificateRow, CourseRow, EnrolmentRow


def of_learner(
    session: Session, learner_id: int, window: Window
) -> Page[CertificateRow]:
    """List the certificates of a learner."""
    statement = (
        select(CertificateRow)
        .join(EnrolmentRow, col(EnrolmentRow.id) == col(CertificateRow.enrolment_id))
        .where(EnrolmentRow.learner_id == learner_id)
        .order_by(col(CertificateRow.enrolment_id))
    )
    return fetch_page(session, statement, window)


def find_for_party(
    session: Session, certificate_id: int, user_id: int
) -> CertificateRow | None:
    """Read a certificate for its learner or the instructor of the course."""
    statement = (
        select(CertificateRow)
        .join(EnrolmentRow, col(EnrolmentRow.id) == col(CertificateRow.enrolment_id))
        .join(CourseRow, col(CourseRow.id) == col(EnrolmentRow.course_id))
        .where(
            CertificateRow.id == certificate_id,
            or_(
                col(EnrolmentRow.learner_id) == user_id,
                col(CourseRow.owner_id) == user_id,
            ),
        )
    )
    return session.exec(statement).first()


def is_issued(session: Session, enrolment_id: int) -> bool:
    """Tell whether the enrolment has its certificate."""
    statement = select(CertificateRow.id).where(
        CertificateRow.enrolment_id == enrolment_id
    )
    return session.exec(statement).first() is not None

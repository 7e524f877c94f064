"""The rules of certificates."""

from app.data import certificates, courses, enrolments, users
from app.data.rows import Page, Window, insert
from app.data.tables import CertificateRow
from app.refusals import ConflictError, NotFoundError
from app.rules.enrolments import measure
from app.rules.transaction import transaction


def issue(caller: int, enrolment_id: int) -> CertificateRow:
    """Issue the caller's certificate, once, when everything is complete."""
    with transaction() as session:
        enrolment = enrolments.lock_of_learner(session, enrolment_id, caller)
        if enrolment is None:
            raise NotFoundError
        if certificates.is_issued(session, enrolment_id):
            raise ConflictError("The certificate is issued already.")
        if not measure(session, enrolment).complete:
            raise ConflictError("Not everything is complete.")
        row = CertificateRow(
            enrolment_id=enrolment_id,
            learner_name=users.display_name(session, caller),
            course_title=courses.title_of(session, enrolment.course_id),
        )
        return insert(session, row)


def of_caller(caller: int, window: Window) -> Page[CertificateRow]:
    """List the caller's certificates."""
    with transaction() as session:
        return certificates.of_learner(session, caller, window)


def read(caller: int, certificate_id: int) -> CertificateRow:
    """Read a certificate for its learner or the instructor."""
    with transaction() as session:
        row = certificates.find_for_party(session, certificate_id, caller)
        if row is None:
            raise NotFoundError
        return row

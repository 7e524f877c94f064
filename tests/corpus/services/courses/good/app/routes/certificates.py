"""The routes of certificates."""

from fastapi import Response

from app.routes.common import (
    Caller,
    CertificateId,
    EnrolmentId,
    Paging,
    created,
    refusals,
    secured_router,
)
from app.rules import certificates
from app.schemas import Certificate, CertificatePage

router = secured_router("certificates")


@router.post(
    "/enrolments/{enrolment_id}/certificate",
    operation_id="issueCertificate",
    summary="Issue the certificate of an enrolment",
    status_code=201,
    responses=created("The certificate was issued.") | refusals(401, 404, 409, 422),
)
def issue_certificate(
    caller: Caller, enrolment_id: EnrolmentId, response: Response
) -> Certificate:
    """Issue the caller's certificate, once, when everything is complete."""
    row = certificates.issue(caller, enrolment_id)
    response.headers["Location"] = f"/certificates/{row.id}"
    return Certificate.model_validate(row)


@router.get(
    "/certificates",
    operation_id="listCertificates",
    summary="List the caller's certificates",
    responses=refusals(401, 422),
)
def list_certificates(caller: Caller, paging: Paging) -> CertificatePage:
    """List the certificates of the caller, by enrolment_id."""
    return CertificatePage.model_validate(certificates.of_caller(caller, paging))


@router.get(
    "/certificates/{certificate_id}",
    operation_id="getCertificate",
    summary="Read a certificate",
    responses=refusals(401, 404, 422),
)
def get_certificate(caller: Caller, certificate_id: CertificateId) -> Certificate:
    """Read for the learner and the instructor of the course."""
    return Certificate.model_validate(certificates.read(caller, certificate_id))

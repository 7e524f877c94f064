"""Invoices."""

from typing import Annotated

from fastapi import Path

from app.auth import CurrentCaller
from app.routes.common import (
    BookingFilter,
    Decimal,
    Limit,
    Offset,
    problems,
    secured_router,
)
from app.rules import invoices as rules
from app.schemas import MAX_ID, Invoice, InvoicePage

router = secured_router("Invoices")

InvoiceId = Annotated[
    int, Path(ge=1, le=MAX_ID, description="The invoice's id."), Decimal
]


@router.get(
    "/invoices",
    operation_id="listInvoices",
    summary="List invoices",
    description=(
        "The invoices of the caller's patients, or all of them for staff, "
        "ordered by id."
    ),
    response_description="A page of invoices.",
    responses=problems(401, 422),
)
def list_invoices(
    caller: CurrentCaller,
    booking_id: BookingFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> InvoicePage:
    """List invoices."""
    return InvoicePage.model_validate(
        rules.find(caller, booking_id, limit, offset)
    )


@router.get(
    "/invoices/{invoice_id}",
    operation_id="getInvoice",
    summary="Read an invoice",
    description="One invoice, for the patient's owner and for staff.",
    response_description="The invoice.",
    responses=problems(401, 404, 422),
)
def get_invoice(invoice_id: InvoiceId, caller: CurrentCaller) -> Invoice:
    """Read an invoice."""
    return Invoice.model_validate(rules.get(caller, invoice_id))


@router.post(
    "/invoices/{invoice_id}/pay",
    operation_id="payInvoice",
    summary="Record the payment of an invoice",
    description="Staff only. Marks an issued invoice as paid in full.",
    response_description="The invoice, paid.",
    responses=problems(401, 403, 404, 409, 422),
)
def pay_invoice(invoice_id: InvoiceId, caller: CurrentCaller) -> Invoice:
    """Record the payment of an invoice."""
    return Invoice.model_validate(rules.pay(caller, invoice_id))


@router.post(
    "/invoices/{invoice_id}/void",
    operation_id="voidInvoice",
    summary="Void an invoice",
    description="Staff only. Voids an issued invoice.",
    response_description="The invoice, void.",
    responses=problems(401, 403, 404, 409, 422),
)
def void_invoice(invoice_id: InvoiceId, caller: CurrentCaller) -> Invoice:
    """Void an invoice."""
    return Invoice.model_validate(rules.void(caller, invoice_id))

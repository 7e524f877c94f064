"""Invoices."""

from sqlmodel import Session, col

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page
from app.data.tables import InvoiceRow
from app.errors import ConflictError
from app.rules.common import found, now_text, require_staff


def find(
    caller: Caller, booking_id: int | None, limit: int, offset: int
) -> Page:
    """List the invoices that the caller may see."""
    statement = queries.invoices_of(caller)
    if booking_id is not None:
        statement = statement.where(col(InvoiceRow.booking_id) == booking_id)
    with read() as session:
        return queries.page(
            session, statement, [col(InvoiceRow.id)], limit, offset
        )


def get(caller: Caller, invoice_id: int) -> InvoiceRow:
    """Read an invoice."""
    with read() as session:
        invoice: InvoiceRow = found(
            queries.invoice_of(session, caller, invoice_id)
        )
        return invoice


def _issued(session: Session, caller: Caller, invoice_id: int) -> InvoiceRow:
    """Give an invoice that may be paid or voided by the caller."""
    invoice: InvoiceRow = found(
        queries.invoice_of(session, caller, invoice_id)
    )
    require_staff(caller)
    if invoice.status != "issued":
        raise ConflictError("The invoice is not open.")
    return invoice


def pay(caller: Caller, invoice_id: int) -> InvoiceRow:
    """Mark an invoice as paid in full."""
    with write() as session:
        invoice = _issued(session, caller, invoice_id)
        invoice.status = "paid"
        invoice.paid_at = now_text()
        session.add(invoice)
        session.flush()
        return invoice


def void(caller: Caller, invoice_id: int) -> InvoiceRow:
    """Void an invoice."""
    with write() as session:
        invoice = _issued(session, caller, invoice_id)
        invoice.status = "void"
        session.add(invoice)
        session.flush()
        return invoice

"""In-memory repositories with the interface of app/repositories, for what the tests touch."""

from __future__ import annotations

import copy
import json
from datetime import date, datetime
from decimal import Decimal

from app.repositories.base import DuplicateKey

CREATED = datetime(2025, 3, 3, 9, 15)


class Store:
    """Workspace 1 with its members, a pipeline, a company with an account, and two products."""

    def __init__(self):
        self.last_id = 1000
        self.members = {
            (1, "sub-owner"): {"user_id": 1, "role": "owner"},
            (1, "sub-sales"): {"user_id": 2, "role": "sales"},
            (1, "sub-billing"): {"user_id": 3, "role": "billing"},
            (1, "sub-viewer"): {"user_id": 4, "role": "viewer"},
            (2, "sub-other"): {"user_id": 9, "role": "owner"},
        }
        self.contacts = {}
        self.consents = []
        self.audit = []
        self.idempotency = {}
        self.stages = {
            30: {"id": 30, "pipeline_id": 3, "kind": "open"},
            31: {"id": 31, "pipeline_id": 3, "kind": "open"},
            33: {"id": 33, "pipeline_id": 3, "kind": "won"},
            34: {"id": 34, "pipeline_id": 3, "kind": "lost"},
            90: {"id": 90, "pipeline_id": 9, "kind": "open"},
        }
        self.deals = {}
        self.stage_changes = []
        self.address = {
            "kind": "billing",
            "line1": "12 Harbour Street",
            "line2": None,
            "city": "Cork",
            "region": None,
            "postal_code": "T12 X8N6",
            "country_code": "IE",
        }
        self.account = {
            "id": 12,
            "company_id": 118,
            "legal_name": "Harbour Bakery Limited",
            "billing_email": "accounts@harbour-bakery.example",
            "currency": "EUR",
            "payment_terms_days": 14,
            "created_at": CREATED,
            "updated_at": CREATED,
        }
        self.prices = {
            61: {"id": 61, "currency": "EUR", "billing_interval": "month", "interval_count": 1, "unit": 2900},
            62: {"id": 62, "currency": "EUR", "billing_interval": "year", "interval_count": 1, "unit": 29000},
            63: {"id": 63, "currency": "USD", "billing_interval": "month", "interval_count": 1, "unit": 3100},
        }
        self.coupons = {
            "SPRING25": {
                "id": 5,
                "code": "SPRING25",
                "percent_off": Decimal("25.00"),
                "duration": "once",
                "redeem_by": None,
                "max_redemptions": 2,
                "times_redeemed": 0,
            }
        }
        self.subscriptions = {}
        self.items = {}
        self.status_changes = []
        self.invoices = {}
        self.payments = []
        self.sequences = {}
        self.runs = {}

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id


class FakeUnitOfWork:
    """Changes are kept only when the block ends well, as in the real one."""

    def __init__(self, holder: dict):
        self._holder = holder

    def __enter__(self):
        self.store = copy.deepcopy(self._holder["store"])
        self.audit = FakeAudit(self.store)
        self.billing_accounts = FakeBillingAccounts(self.store)
        self.billing_runs = FakeBillingRuns(self.store)
        self.companies = FakeCompanies(self.store)
        self.contacts = FakeContacts(self.store)
        self.coupons = FakeCoupons(self.store)
        self.deals = FakeDeals(self.store)
        self.idempotency = FakeIdempotency(self.store)
        self.invoices = FakeInvoices(self.store)
        self.pipelines = FakePipelines(self.store)
        self.products = FakeProducts(self.store)
        self.subscriptions = FakeSubscriptions(self.store)
        self.tax_rates = FakeTaxRates()
        self.workspaces = FakeWorkspaces(self.store)
        return self

    def __exit__(self, exc_type, exc, traceback):
        if exc_type is None:
            self._holder["store"] = self.store


class Fake:
    def __init__(self, store: Store):
        self.store = store


class FakeAudit(Fake):
    def record(self, ctx, action, entity_type, entity_id, details=None):
        self.store.audit.append((ctx.user_id, action, entity_id))


class FakeWorkspaces(Fake):
    def get(self, workspace_id):
        return {"id": workspace_id, "time_zone": "Europe/Dublin", "invoice_prefix": "HB"}

    def find_active_member(self, workspace_id, identity_subject):
        return self.store.members.get((workspace_id, identity_subject))

    def is_active_member(self, workspace_id, user_id):
        return any(key[0] == workspace_id and m["user_id"] == user_id for key, m in self.store.members.items())


class FakeCompanies(Fake):
    def get(self, workspace_id, company_id):
        return {"id": 118, "vat_number": "IE1234567FA"} if (workspace_id, company_id) == (1, 118) else None

    def billing_address(self, workspace_id, company_id):
        return dict(self.store.address)


class FakeContacts(Fake):
    def list(self, workspace_id, filters, before_id, limit):
        rows = [
            self._public(row)
            for row in sorted(self.store.contacts.values(), key=lambda row: -row["id"])
            if row["workspace_id"] == workspace_id
            and not row["archived"]
            and (before_id is None or row["id"] < before_id)
            and ("tag" not in filters or filters["tag"] in row["tags"])
        ]
        return rows[:limit]

    def get(self, workspace_id, contact_id, lock=False):
        row = self.store.contacts.get(contact_id)
        if row is None or row["workspace_id"] != workspace_id or row["archived"]:
            return None
        return self._public(row)

    def existing_ids(self, workspace_id, contact_ids):
        return {i for i in contact_ids if self.get(workspace_id, i) is not None}

    def insert(self, workspace_id, fields):
        for row in self.store.contacts.values():
            if row["workspace_id"] == workspace_id and row["email"] == fields["email"] and not row["archived"]:
                raise DuplicateKey("uq_contacts_workspace_active_email")
        contact_id = self.store.next_id()
        self.store.contacts[contact_id] = {
            **fields,
            "id": contact_id,
            "workspace_id": workspace_id,
            "archived": False,
            "tags": [],
            "created_at": CREATED,
            "updated_at": CREATED,
        }
        return contact_id

    def update(self, workspace_id, contact_id, changes):
        self.store.contacts[contact_id].update({k: v for k, v in changes.items() if k != "tags"})

    def archive(self, workspace_id, contact_id, now):
        if self.get(workspace_id, contact_id) is None:
            return False
        self.store.contacts[contact_id]["archived"] = True
        return True

    def record_consent(self, workspace_id, contact_id, consent, user_id, now):
        self.store.consents.append((contact_id, consent, user_id))

    def replace_tags(self, workspace_id, contact_id, names):
        self.store.contacts[contact_id]["tags"] = sorted(names)

    @staticmethod
    def _public(row):
        return {k: v for k, v in row.items() if k not in ("workspace_id", "archived")}


class FakePipelines(Fake):
    def get_stage(self, workspace_id, stage_id):
        return self.store.stages.get(stage_id) if workspace_id == 1 else None

    def has_lost_reason(self, workspace_id, pipeline_id, lost_reason_id):
        return (workspace_id, pipeline_id, lost_reason_id) == (1, 3, 5)


class FakeDeals(Fake):
    def get(self, workspace_id, deal_id, lock=False):
        row = self.store.deals.get(deal_id)
        return copy.deepcopy(row) if row is not None and workspace_id == 1 else None

    def insert(self, workspace_id, fields):
        deal_id = self.store.next_id()
        self.store.deals[deal_id] = {
            "id": deal_id,
            **fields,
            "status": "open",
            "closed_at": None,
            "lost_reason_id": None,
            "contacts": [],
            "created_at": CREATED,
            "updated_at": CREATED,
        }
        return deal_id

    def insert_contacts(self, workspace_id, deal_id, contacts):
        self.store.deals[deal_id]["contacts"] = contacts

    def move(self, workspace_id, deal_id, stage, closed_at, lost_reason_id):
        self.store.deals[deal_id].update(
            stage_id=stage["id"], status=stage["kind"], closed_at=closed_at, lost_reason_id=lost_reason_id
        )

    def record_stage_change(self, workspace_id, deal_id, from_stage_id, to_stage_id, user_id, now):
        self.store.stage_changes.append((deal_id, from_stage_id, to_stage_id))


class FakeProducts(Fake):
    def sellable_prices(self, workspace_id, price_ids):
        return {i: self.store.prices[i] for i in price_ids if i in self.store.prices}


class FakeTaxRates:
    def effective(self, workspace_id, category, day: date):
        return {"id": 70, "percentage": Decimal("23.000")}


class FakeCoupons(Fake):
    def lock_by_code(self, workspace_id, code):
        return self.store.coupons.get(code)

    def get(self, workspace_id, coupon_id):
        return next(c for c in self.store.coupons.values() if c["id"] == coupon_id)

    def count_redemption(self, workspace_id, coupon_id):
        self.get(workspace_id, coupon_id)["times_redeemed"] += 1


class FakeBillingAccounts(Fake):
    def get(self, workspace_id, billing_account_id):
        return dict(self.store.account) if (workspace_id, billing_account_id) == (1, 12) else None


class FakeSubscriptions(Fake):
    def get(self, workspace_id, subscription_id, lock=False):
        row = self.store.subscriptions.get(subscription_id)
        if row is None or workspace_id != 1:
            return None
        items = [{**i, "unit_amount_minor": self.store.prices[i["price_id"]]["unit"]} for i in self.store.items[row["id"]]]
        return {**row, "items": items}

    def insert(self, workspace_id, fields):
        subscription_id = self.store.next_id()
        code = next((c["code"] for c in self.store.coupons.values() if c["id"] == fields["coupon_id"]), None)
        self.store.subscriptions[subscription_id] = {
            "id": subscription_id,
            **{k: v for k, v in fields.items() if k != "created_by_user_id"},
            "currency": "EUR",
            "coupon_code": code,
            "cancel_at_period_end": False,
            "canceled_at": None,
            "created_at": CREATED,
            "updated_at": CREATED,
        }
        return subscription_id

    def insert_items(self, workspace_id, subscription_id, items):
        self.store.items[subscription_id] = [{"id": self.store.next_id(), **item} for item in items]

    def set_status(self, workspace_id, subscription_id, status, canceled_at=None):
        self.store.subscriptions[subscription_id].update(status=status, canceled_at=canceled_at)

    def set_cancel_at_period_end(self, workspace_id, subscription_id):
        self.store.subscriptions[subscription_id]["cancel_at_period_end"] = True

    def start_period(self, workspace_id, subscription_id, start, end, status):
        self.store.subscriptions[subscription_id].update(
            status=status, current_period_start=start, current_period_end=end
        )

    def record_status_change(self, workspace_id, subscription_id, from_status, to_status, reason, user_id, now):
        self.store.status_changes.append((subscription_id, from_status, to_status))

    def due_for_renewal(self, workspace_id, day, after_id, limit):
        return [
            s["id"]
            for s in self.store.subscriptions.values()
            if s["status"] != "canceled" and s["current_period_end"] <= day and s["id"] > after_id
        ][:limit]

    def with_overdue_invoices(self, workspace_id, day, after_id, limit):
        return [
            s["id"]
            for s in self.store.subscriptions.values()
            if s["status"] == "active"
            and s["id"] > after_id
            and FakeInvoices(self.store).has_overdue(workspace_id, s["id"], day)
        ][:limit]

    def billable_items(self, workspace_id, subscription_id):
        return [
            {
                "id": item["id"],
                "quantity": item["quantity"],
                "unit_amount_minor": self.store.prices[item["price_id"]]["unit"],
                "nickname": "Monthly",
                "product_name": "Till Pro",
                "tax_category": "standard",
            }
            for item in self.store.items[subscription_id]
        ]


class FakeInvoices(Fake):
    def lock(self, workspace_id, invoice_id):
        return self.store.invoices.get(invoice_id) if workspace_id == 1 else None

    def get(self, workspace_id, invoice_id):
        row = self.lock(workspace_id, invoice_id)
        if row is None:
            return None
        payments = [p for p in self.store.payments if p["invoice_id"] == invoice_id]
        return {**{k: v for k, v in row.items() if k != "billing_run_id"}, "payments": payments}

    def next_number(self, workspace_id, year):
        self.store.sequences[year] = self.store.sequences.get(year, 0) + 1
        return self.store.sequences[year]

    def insert(self, workspace_id, fields):
        for row in self.store.invoices.values():
            if (row["subscription_id"], row["period_start"]) == (fields["subscription_id"], fields["period_start"]):
                raise DuplicateKey("uq_invoices_subscription_period")
        invoice_id = self.store.next_id()
        self.store.invoices[invoice_id] = {
            "id": invoice_id,
            **fields,
            "amount_paid_minor": 0,
            "voided_at": None,
            "void_reason": None,
            "created_at": CREATED,
            "updated_at": CREATED,
        }
        return invoice_id

    def insert_lines(self, workspace_id, invoice_id, lines):
        self.store.invoices[invoice_id]["lines"] = [
            {"id": self.store.next_id(), "position": n, **{k: v for k, v in line.items() if k != "subscription_item_id"}}
            for n, line in enumerate(lines, start=1)
        ]

    def insert_taxes(self, workspace_id, invoice_id, taxes):
        self.store.invoices[invoice_id]["taxes"] = [
            {k: v for k, v in tax.items() if k != "tax_rate_id"} for tax in taxes
        ]

    def exists_for_subscription(self, workspace_id, subscription_id):
        return any(i["subscription_id"] == subscription_id for i in self.store.invoices.values())

    def has_overdue(self, workspace_id, subscription_id, day):
        return any(
            i["subscription_id"] == subscription_id and i["status"] == "open" and i["due_on"] < day
            for i in self.store.invoices.values()
        )

    def set_paid_amount(self, workspace_id, invoice_id, amount_paid_minor, status, paid_at):
        self.store.invoices[invoice_id].update(amount_paid_minor=amount_paid_minor, status=status, paid_at=paid_at)

    def void(self, workspace_id, invoice_id, reason, now):
        self.store.invoices[invoice_id].update(status="void", voided_at=now, void_reason=reason)

    def count_payments(self, workspace_id, invoice_id):
        return sum(p["invoice_id"] == invoice_id for p in self.store.payments)

    def insert_payment(self, workspace_id, invoice_id, user_id, fields):
        payment = {
            "id": self.store.next_id(),
            "invoice_id": invoice_id,
            "amount_minor": fields["amount_minor"],
            "method": fields["method"],
            "reference": fields.get("reference"),
            "received_on": date.fromisoformat(fields["received_on"]),
            "recorded_by_user_id": user_id,
            "created_at": CREATED,
        }
        self.store.payments.append(payment)
        return payment


class FakeIdempotency(Fake):
    def claim(self, workspace_id, key, operation_id, request_hash, now, expires_at):
        row = self.store.idempotency.get((workspace_id, key))
        if row is None:
            self.store.idempotency[(workspace_id, key)] = {"request_hash": request_hash}
        return row

    def complete(self, workspace_id, key, status, body):
        self.store.idempotency[(workspace_id, key)].update(response_status=status, response_body=json.loads(body))


class FakeBillingRuns(Fake):
    def start(self, workspace_id, day, now):
        run = self.store.runs.setdefault(day, {"id": self.store.next_id(), "finished_at": None})
        return None if run["finished_at"] is not None else run["id"]

    def finish(self, workspace_id, run_id, failures, now):
        run = next(run for run in self.store.runs.values() if run["id"] == run_id)
        run["finished_at"] = now if failures == 0 else None

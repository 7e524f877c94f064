"""Which schema object is which table: pairs in many styles, and pairs that are doubtful on purpose."""

from __future__ import annotations

import pytest

from evaluators.cross.facts import facts_of
from evaluators.cross.matching import resource
from evaluators.draft import Draft, Subject

SCHEMA = """
create table users (id bigint primary key, email text not null, full_name text not null, created_at timestamptz);
create table orders (id bigint primary key, user_id bigint not null references users, state text, total_minor bigint);
create table order_lines (id bigint primary key, order_id bigint references orders, sku text, quantity int);
create table "PurchaseOrder" ("PurchaseOrderId" int primary key, "SupplierName" text, "OrderedOn" date, "Amount" int);
create table people (id bigint primary key, given_name text, family_name text);
create table categories (id bigint primary key, title text, parent_id bigint);
create table stock_movements (id bigint primary key, item_code text, moved_at timestamptz, quantity int);
create table sales_invoices (id bigint primary key, number text, issued_on date, due_on date, net_minor bigint);
create table addresses (id bigint primary key, street text, city text, postcode text);
create table statuses (id bigint primary key, label text);
"""

ORDER = "id state totalMinor userId"
USER = "id email fullName"

PAIRS = [
    *((name, USER, "users") for name in (
        "User", "Users", "user", "UserCreate", "CreateUser", "NewUser", "UserUpdate", "UpdateUserRequest", "UserIn",
        "UserOut", "UserRead", "UserResponse", "UserDTO", "UserDto", "UserModel", "UserPayload", "UserBody",
        "UserSummary", "UserDetail", "UserView", "PublicUser", "UserPatch", "PatchedUser", "user_create", "user-input",
    ) if name != "PatchedUser"),
    *((name, ORDER, "orders") for name in (
        "Order", "OrderRequest", "OrderListItem", "OrderReadModel", "NewOrder", "OrderReplacement", "OrderDraft",
        "OrderEntity", "OrderRecord", "OrderChanges", "OrderOverview",
    )),
    *((name, "id orderId sku quantity", "order_lines") for name in (
        "OrderLine", "OrderLines", "order_line", "OrderLineCreate", "OrderLineInput", "NewOrderLine", "ORDER_LINE",
    )),
    *((name, "purchaseOrderId supplierName orderedOn amount", "PurchaseOrder") for name in (
        "PurchaseOrder", "purchaseOrder", "PurchaseOrders", "PurchaseOrderCreate", "purchase_order",
    )),
    ("Person", "id givenName familyName", "people"),
    ("PersonIn", "givenName familyName", "people"),
    ("Category", "id title parentId", "categories"),
    ("CategoryTree", "id title parentId", None),
    ("StockMovement", "id itemCode movedAt quantity", "stock_movements"),
    ("Invoice", "number issuedOn dueOn netMinor", "sales_invoices"),
    ("Address", "street city postcode", "addresses"),
    ("AddressInput", "street city postcode country", "addresses"),
    ("Status", "id label", "statuses"),
    # Doubtful: nothing is said.
    ("Account", "id email fullName", None),
    ("User", "theme language timezone", None),
    ("OrderTotals", "gross net tax", None),
    ("OrderStatistics", "id state", None),
    ("Login", "email password", None),
    ("Token", "accessToken expiresIn", None),
    ("Problem", "type title status detail", None),
    ("Line", "id sku", None),
    ("Invoice", "number lines", None),
    ("Movement", "from to", None),
    ("PageOfThings", "items next", None),
    ("Health", "status", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "properties", "table"), PAIRS)
def test_a_shape_is_its_table_or_none(name: str, properties: str, table: str | None) -> None:
    fields = "".join(f"        {each}: {{type: string}}\n" for each in properties.split())
    contract = (
        'openapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths: {}\ncomponents:\n  schemas:\n'
        f"    {name}:\n      type: object\n      properties:\n{fields}"
    )
    facts = facts_of(Subject(Draft.of({"schema.sql": SCHEMA, "openapi.yaml": contract})))
    found = facts.table_of(facts.contract.schemas[0])
    assert (found.name if found else None) == table


def test_there_are_enough_of_them() -> None:
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/orders", "order"),
        ("/orders/{id}", "order"),
        ("/orders/{id}/lines", "line"),
        ("/api/purchase-orders/{purchaseOrderId}", "purchaseorder"),
        ("/", ""),
    ],
)
def test_the_resource_of_a_path(path: str, name: str) -> None:
    assert resource(path) == name


LISTED = """\
openapi: 3.1.0
info: {title: x, version: "1"}
paths:
  /users:
    get:
      responses:
        "200":
          description: x
          content: {application/json: {schema: SCHEMA}}
components:
  schemas:
    Entry: {type: object, properties: {id: {type: integer}, email: {type: string}, fullName: {type: string}}}
"""


@pytest.mark.parametrize(
    "schema",
    [
        '{type: array, items: {$ref: "#/components/schemas/Entry"}}',
        '{type: object, properties: {data: {type: array, items: {$ref: "#/components/schemas/Entry"}}}}',
        '{type: object, properties: {results: {type: array, items: {$ref: "#/components/schemas/Entry"}}, n: {}}}',
    ],
)
def test_the_path_tells_where_the_name_does_not(schema: str) -> None:
    facts = facts_of(Subject(Draft.of({"schema.sql": SCHEMA, "openapi.yaml": LISTED.replace("SCHEMA", schema)})))
    found = facts.matching.listed(facts.contract.operations[0])
    assert found is not None
    assert found.name == "users"

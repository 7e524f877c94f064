"""What names say: words, singular and plural, and the kinds of columns and tables that rules speak of."""

from __future__ import annotations

import functools
import re

from evaluators.sql.facts import Column, Table

_MONEY = {"price", "balance", "cost", "fee", "fees", "salary", "subtotal", "wage"}
_MAYBE_MONEY = {"amount", "total", "tax", "payment", "refund", "discount", "payout"}
_UNITS = {"cents", "minor", "usd", "eur", "gbp", "net", "gross"}
_BUSINESS = {
    "transaction", "transfer", "payment", "order", "invoice", "refund", "account", "ledger", "entry", "loan", "line",
    "repayment", "payout", "deposit", "withdrawal", "expense", "budget", "bill", "charge", "subscription", "donation",
    "wallet", "item", "cart", "sale", "purchase", "installment",
}  # fmt: skip
_QUALIFIERS = {
    "due", "paid", "each", "per", "unit", "min", "max", "old", "new", "current", "available", "pending", "after",
    "before", "total", "original", "sale", "list", "refunded", "charged", "owed", "locked",
}  # fmt: skip
"""What may follow price, balance or amount without making it something else."""
_LOGS = {"log", "logs", "audit", "audits", "history", "event", "events", "outbox", "inbox", "journal", "trail", "queue"}
_PEOPLE = {"user", "account", "customer", "member", "profile", "person", "employee", "admin", "client", "author"}


@functools.lru_cache(maxsize=8_192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `userId`, `user_id` and `UserID` are `user`, `id`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return tuple(word for word in re.split(r"[^a-z0-9]+", parted.lower()) if word)


@functools.lru_cache(maxsize=8_192)
def singular(word: str) -> str:
    """An English plural's singular, by its ending; a singular is left as it is."""
    irregular = {"people": "person", "children": "child", "statuses": "status", "addresses": "address", "men": "man"}
    if word in irregular:
        return irregular[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(ss|sh|ch|x|z)es$", word):
        return word[:-2]
    if word.endswith("s") and not re.search(r"(ss|us|is|ics|news)$", word) and len(word) > 2:
        return word[:-1]
    return word


def is_plural(word: str) -> bool:
    """Whether a word looks like a plural."""
    return singular(word) != word


def stem(name: str) -> str:
    """A name with its last word in the singular, joined by underscores: `order_items` is `order_item`."""
    parts = words(name)
    return "_".join((*parts[:-1], singular(parts[-1]))) if parts else ""


def is_money(table: Table, column: Column) -> bool:
    """Whether a numeric column plainly holds money: by its name, or by a vaguer name in a table about money."""
    parts = [word for word in words(column.name) if word not in _UNITS]
    if not parts or not column.type.is_number or {"count", "id", "rate", "percent", "pct", "type"} & set(parts):
        return False
    led = column.type.family != "integer" and set(parts[1:]) <= _QUALIFIERS
    if parts[-1] in _MONEY or (led and parts[0] in ("price", "balance", "salary")):
        return True
    if parts[-1] not in _MAYBE_MONEY and not (led and parts[0] == "amount"):
        return False
    about = {singular(word) for word in words(table.name)}
    return bool(about & _BUSINESS) or any("currency" in words(other.name) for other in table.columns)


def is_log(table: Table) -> bool:
    """Whether a table keeps what happened: logs, audits, histories, events, outboxes."""
    return bool(_LOGS & set(words(table.name)))


def is_people(table: Table) -> bool:
    """Whether a table holds people or their accounts."""
    parts = words(table.name)
    return bool(parts) and singular(parts[-1]) in _PEOPLE


def is_secret(column: Column) -> bool:
    """Whether a column's name is that of a person's password, not of its hash or of another system's."""
    parts = words(column.name)
    if parts[-1:] not in (("password",), ("passwd",), ("pwd",), ("passphrase",), ("passcode",)):
        return False
    return set(parts[:-1]) <= {
        "user",
        "login",
        "account",
        "admin",
        "member",
        "customer",
        "plain",
        "raw",
        "clear",
        "text",
    }


def holds_credentials(table: Table) -> bool:
    """Whether people log in by this table: it keeps a password or its hash."""
    keeps = {"password", "passwd", "pwd"}
    return any(keeps & set(words(column.name)) and "reset" not in words(column.name) for column in table.columns)

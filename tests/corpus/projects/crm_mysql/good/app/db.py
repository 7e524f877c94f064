from __future__ import annotations

import pymysql
from dbutils.pooled_db import PooledDB
from flask import current_app
from pymysql.constants import CLIENT
from pymysql.cursors import DictCursor

from app.config import Settings
from app.repositories.audit import AuditRepository
from app.repositories.billing_accounts import BillingAccountRepository
from app.repositories.billing_runs import BillingRunRepository
from app.repositories.companies import CompanyRepository
from app.repositories.contacts import ContactRepository
from app.repositories.coupons import CouponRepository
from app.repositories.deals import DealRepository
from app.repositories.idempotency import IdempotencyRepository
from app.repositories.invoices import InvoiceRepository
from app.repositories.pipelines import PipelineRepository
from app.repositories.products import ProductRepository
from app.repositories.subscriptions import SubscriptionRepository
from app.repositories.tasks import TaskRepository
from app.repositories.tax_rates import TaxRateRepository
from app.repositories.workspaces import WorkspaceRepository

SESSION_SETTINGS = (
    "SET time_zone = '+00:00', "
    "transaction_isolation = 'READ-COMMITTED', "
    "sql_mode = 'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
    "innodb_lock_wait_timeout = 5"
)


def connection_options(settings: Settings) -> dict:
    options = {
        "host": settings.mysql_host,
        "port": settings.mysql_port,
        "database": settings.mysql_database,
        "user": settings.mysql_user,
        "password": settings.mysql_password,
        "charset": "utf8mb4",
        "cursorclass": DictCursor,
        "autocommit": False,
        "client_flag": CLIENT.FOUND_ROWS,
        "init_command": SESSION_SETTINGS,
        "connect_timeout": 5,
        "read_timeout": 30,
        "write_timeout": 30,
    }
    if settings.mysql_ssl_ca:
        options["ssl"] = {"ca": settings.mysql_ssl_ca, "check_hostname": True}
    return options


def create_pool(settings: Settings) -> PooledDB:
    return PooledDB(
        creator=pymysql,
        mincached=0,
        maxconnections=settings.mysql_pool_size,
        blocking=True,
        ping=1,
        **connection_options(settings),
    )


class UnitOfWork:
    """One connection and one transaction; commits unless the block raises."""

    def __init__(self, pool: PooledDB):
        self._pool = pool

    def __enter__(self) -> UnitOfWork:
        self._connection = self._pool.connection()
        try:
            self._connection.begin()
            cursor = self._connection.cursor()
        except Exception:
            self._connection.close()
            raise
        self.audit = AuditRepository(cursor)
        self.billing_accounts = BillingAccountRepository(cursor)
        self.billing_runs = BillingRunRepository(cursor)
        self.companies = CompanyRepository(cursor)
        self.contacts = ContactRepository(cursor)
        self.coupons = CouponRepository(cursor)
        self.deals = DealRepository(cursor)
        self.idempotency = IdempotencyRepository(cursor)
        self.invoices = InvoiceRepository(cursor)
        self.pipelines = PipelineRepository(cursor)
        self.products = ProductRepository(cursor)
        self.subscriptions = SubscriptionRepository(cursor)
        self.tasks = TaskRepository(cursor)
        self.tax_rates = TaxRateRepository(cursor)
        self.workspaces = WorkspaceRepository(cursor)
        return self

    def __exit__(self, exc_type, exc, traceback) -> None:
        try:
            if exc_type is None:
                self._connection.commit()
            else:
                self._connection.rollback()
        finally:
            self._connection.close()


def unit_of_work():
    return current_app.extensions["crm.uow_factory"]()

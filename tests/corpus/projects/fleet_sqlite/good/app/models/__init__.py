from app.models.base import Base
from app.models.fleet import (
    Assignment,
    Depot,
    Driver,
    DriverStatus,
    FuelType,
    LicenceClass,
    Vehicle,
    VehicleStatus,
)
from app.models.identity import ApiKey, LoginSession, Role, RoleCode, User, UserRole
from app.models.operations import Cost, CostCategory, FuelEntry, Trip
from app.models.records import Document, DocumentKind, Reminder
from app.models.workshop import (
    Defect,
    DefectSeverity,
    DefectStatus,
    Inspection,
    InspectionItem,
    InspectionKind,
    ItemOutcome,
    Part,
    PartStock,
    ServiceKind,
    ServiceOrder,
    ServicePart,
)

__all__ = [
    "ApiKey", "Assignment", "Base", "Cost", "CostCategory", "Defect", "DefectSeverity", "DefectStatus",
    "Depot", "Document", "DocumentKind", "Driver", "DriverStatus", "FuelEntry", "FuelType", "Inspection",
    "InspectionItem", "InspectionKind", "ItemOutcome", "LicenceClass", "LoginSession", "Part", "PartStock",
    "Reminder", "Role", "RoleCode", "ServiceKind", "ServiceOrder", "ServicePart", "Trip", "User", "UserRole",
    "Vehicle", "VehicleStatus",
]

/* 06_reference_data.sql - permissions (the scopes of the contract) and roles. Repeatable. */
SET XACT_ABORT ON;
SET NOCOUNT ON;
SET QUOTED_IDENTIFIER ON;
GO

BEGIN TRANSACTION;

INSERT INTO sec.Permission (PermissionCode, Description)
SELECT v.PermissionCode, v.Description
FROM (VALUES
    ('sites:read',       N'Read sites and bins'),
    ('items:read',       N'Read items'),
    ('items:write',      N'Create and change items'),
    ('stock:read',       N'Read stock and availability'),
    ('stock:write',      N'Transfer and adjust stock'),
    ('purchasing:read',  N'Read suppliers, purchase orders and receipts'),
    ('purchasing:write', N'Create purchase orders'),
    ('receiving:write',  N'Receive goods against purchase orders'),
    ('shipping:read',    N'Read customers, shipments and pick tasks'),
    ('shipping:write',   N'Create shipments'),
    ('picking:write',    N'Confirm pick tasks'),
    ('counts:read',      N'Read cycle counts'),
    ('counts:write',     N'Open cycle counts and record quantities'),
    ('admin:read',       N'Read users and audit events')
) AS v (PermissionCode, Description)
WHERE NOT EXISTS (SELECT 1 FROM sec.Permission AS p WHERE p.PermissionCode = v.PermissionCode);

INSERT INTO sec.Role (RoleName, Description)
SELECT v.RoleName, v.Description
FROM (VALUES
    ('handheld',     N'Scanner on the floor: receives, moves, picks and counts'),
    ('order_desk',   N'Order system: creates purchase orders and shipments'),
    ('stock_clerk',  N'Maintains items and adjusts stock'),
    ('auditor',      N'Reads everything, changes nothing')
) AS v (RoleName, Description)
WHERE NOT EXISTS (SELECT 1 FROM sec.Role AS r WHERE r.RoleName = v.RoleName);

INSERT INTO sec.RolePermission (RoleId, PermissionId)
SELECT r.RoleId, p.PermissionId
FROM (VALUES
    ('handheld', 'sites:read'), ('handheld', 'items:read'), ('handheld', 'stock:read'), ('handheld', 'stock:write'),
    ('handheld', 'purchasing:read'), ('handheld', 'receiving:write'), ('handheld', 'shipping:read'),
    ('handheld', 'picking:write'), ('handheld', 'counts:read'), ('handheld', 'counts:write'),
    ('order_desk', 'sites:read'), ('order_desk', 'items:read'), ('order_desk', 'stock:read'),
    ('order_desk', 'purchasing:read'), ('order_desk', 'purchasing:write'),
    ('order_desk', 'shipping:read'), ('order_desk', 'shipping:write'),
    ('stock_clerk', 'sites:read'), ('stock_clerk', 'items:read'), ('stock_clerk', 'items:write'),
    ('stock_clerk', 'stock:read'), ('stock_clerk', 'stock:write'),
    ('stock_clerk', 'counts:read'), ('stock_clerk', 'counts:write'),
    ('auditor', 'sites:read'), ('auditor', 'items:read'), ('auditor', 'stock:read'), ('auditor', 'purchasing:read'),
    ('auditor', 'shipping:read'), ('auditor', 'counts:read'), ('auditor', 'admin:read')
) AS v (RoleName, PermissionCode)
INNER JOIN sec.Role       AS r ON r.RoleName = v.RoleName
INNER JOIN sec.Permission AS p ON p.PermissionCode = v.PermissionCode
WHERE NOT EXISTS
(
    SELECT 1 FROM sec.RolePermission AS rp WHERE rp.RoleId = r.RoleId AND rp.PermissionId = p.PermissionId
);

COMMIT TRANSACTION;
GO

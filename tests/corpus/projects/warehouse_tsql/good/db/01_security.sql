/* 01_security.sql - schemas, database roles, users, roles and permissions.
   SQL Server 2022. Run once, in file order, with sqlcmd -b -I. */
SET XACT_ABORT ON;
SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
GO

CREATE SCHEMA sec AUTHORIZATION dbo;
GO
CREATE SCHEMA wms AUTHORIZATION dbo;
GO
CREATE SCHEMA audit AUTHORIZATION dbo;
GO

/* The API logs in as a member of this role; rights are granted in 05_programmability.sql. */
CREATE ROLE WmsApplication AUTHORIZATION dbo;
GO

/* A person, or a service account that signs in with OAuth2 client credentials.
   Secrets live in the identity provider; only the client identifier is kept here.
   Users are deactivated, never deleted, because documents refer to them. */
CREATE TABLE sec.AppUser
(
    UserId      int               IDENTITY(1, 1) NOT NULL,
    UserType    varchar(10)       NOT NULL,
    UserName    nvarchar(100)     NOT NULL,
    DisplayName nvarchar(120)     NOT NULL,
    Email       nvarchar(254)     NULL,
    ClientId    varchar(64)       NULL,
    IsActive    bit               NOT NULL CONSTRAINT DF_AppUser_IsActive DEFAULT (1),
    CreatedAt   datetimeoffset(3) NOT NULL CONSTRAINT DF_AppUser_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_AppUser PRIMARY KEY CLUSTERED (UserId),
    CONSTRAINT UQ_AppUser_UserName UNIQUE (UserName),
    CONSTRAINT CK_AppUser_UserType CHECK (UserType IN ('person', 'service')),
    CONSTRAINT CK_AppUser_Identity CHECK
    (
        (UserType = 'person'  AND Email IS NOT NULL AND ClientId IS NULL)
     OR (UserType = 'service' AND ClientId IS NOT NULL)
    )
);
GO

/* A UNIQUE constraint would allow a single NULL only, hence filtered indexes. */
CREATE UNIQUE INDEX UX_AppUser_Email    ON sec.AppUser (Email)    WHERE Email IS NOT NULL;
CREATE UNIQUE INDEX UX_AppUser_ClientId ON sec.AppUser (ClientId) WHERE ClientId IS NOT NULL;
GO

CREATE TABLE sec.Role
(
    RoleId      int           IDENTITY(1, 1) NOT NULL,
    RoleName    varchar(50)   NOT NULL,
    Description nvarchar(200) NOT NULL,
    CONSTRAINT PK_Role PRIMARY KEY CLUSTERED (RoleId),
    CONSTRAINT UQ_Role_RoleName UNIQUE (RoleName)
);
GO

/* PermissionCode is the OAuth2 scope of the contract, for example stock:read. */
CREATE TABLE sec.Permission
(
    PermissionId   int           IDENTITY(1, 1) NOT NULL,
    PermissionCode varchar(50)   NOT NULL,
    Description    nvarchar(200) NOT NULL,
    CONSTRAINT PK_Permission PRIMARY KEY CLUSTERED (PermissionId),
    CONSTRAINT UQ_Permission_PermissionCode UNIQUE (PermissionCode),
    CONSTRAINT CK_Permission_PermissionCode CHECK (PermissionCode LIKE '[a-z]%:%[a-z]')
);
GO

CREATE TABLE sec.RolePermission
(
    RoleId       int NOT NULL,
    PermissionId int NOT NULL,
    CONSTRAINT PK_RolePermission PRIMARY KEY CLUSTERED (RoleId, PermissionId),
    CONSTRAINT FK_RolePermission_Role FOREIGN KEY (RoleId)
        REFERENCES sec.Role (RoleId) ON DELETE CASCADE,
    CONSTRAINT FK_RolePermission_Permission FOREIGN KEY (PermissionId)
        REFERENCES sec.Permission (PermissionId) ON DELETE NO ACTION
);
GO

CREATE INDEX IX_RolePermission_PermissionId ON sec.RolePermission (PermissionId);
GO

CREATE TABLE sec.UserRole
(
    UserId          int               NOT NULL,
    RoleId          int               NOT NULL,
    GrantedByUserId int               NULL, -- NULL only for the grants of the installation
    GrantedAt       datetimeoffset(3) NOT NULL CONSTRAINT DF_UserRole_GrantedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_UserRole PRIMARY KEY CLUSTERED (UserId, RoleId),
    CONSTRAINT FK_UserRole_AppUser FOREIGN KEY (UserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT FK_UserRole_Role FOREIGN KEY (RoleId)
        REFERENCES sec.Role (RoleId) ON DELETE NO ACTION,
    CONSTRAINT FK_UserRole_GrantedBy FOREIGN KEY (GrantedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_UserRole_NotSelfGranted CHECK (GrantedByUserId <> UserId)
);
GO

CREATE INDEX IX_UserRole_RoleId          ON sec.UserRole (RoleId);
CREATE INDEX IX_UserRole_GrantedByUserId ON sec.UserRole (GrantedByUserId);
GO

/* Append-only: the application role may insert and read, never change (see 05). */
CREATE TABLE audit.AuditEvent
(
    AuditEventId bigint            IDENTITY(1, 1) NOT NULL,
    OccurredAt   datetimeoffset(3) NOT NULL CONSTRAINT DF_AuditEvent_OccurredAt DEFAULT (SYSDATETIMEOFFSET()),
    ActorUserId  int               NULL, -- NULL when a database administrator acted outside the API
    ActionCode   varchar(60)       NOT NULL,
    EntityType   varchar(60)       NOT NULL,
    EntityKey    varchar(60)       NOT NULL,
    RequestId    uniqueidentifier  NULL,
    Details      nvarchar(max)     NULL,
    CONSTRAINT PK_AuditEvent PRIMARY KEY CLUSTERED (AuditEventId),
    CONSTRAINT FK_AuditEvent_AppUser FOREIGN KEY (ActorUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_AuditEvent_Details CHECK (Details IS NULL OR ISJSON(Details, OBJECT) = 1)
);
GO

CREATE INDEX IX_AuditEvent_Entity ON audit.AuditEvent (EntityType, EntityKey, AuditEventId);
CREATE INDEX IX_AuditEvent_Actor  ON audit.AuditEvent (ActorUserId, AuditEventId);
GO

/* 02_master_data.sql - sites, zones, bins, items, lots, suppliers, customers. */
SET XACT_ABORT ON;
SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
GO

CREATE TABLE wms.Site
(
    SiteId      int               IDENTITY(1, 1) NOT NULL,
    SiteCode    varchar(10)       NOT NULL,
    SiteName    nvarchar(120)     NOT NULL,
    CountryCode char(2)           NOT NULL,
    TimeZone    varchar(64)       NOT NULL, -- IANA name, for example Europe/Lisbon
    IsActive    bit               NOT NULL CONSTRAINT DF_Site_IsActive DEFAULT (1),
    CreatedAt   datetimeoffset(3) NOT NULL CONSTRAINT DF_Site_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_Site PRIMARY KEY CLUSTERED (SiteId),
    CONSTRAINT UQ_Site_SiteCode UNIQUE (SiteCode),
    CONSTRAINT CK_Site_SiteCode CHECK (LEN(SiteCode) >= 2),
    CONSTRAINT CK_Site_CountryCode CHECK (CountryCode COLLATE Latin1_General_BIN2 LIKE '[A-Z][A-Z]')
);
GO

/* A caller sees only the sites listed here; the API answers 404 for the others. */
CREATE TABLE sec.UserSite
(
    UserId int NOT NULL,
    SiteId int NOT NULL,
    CONSTRAINT PK_UserSite PRIMARY KEY CLUSTERED (UserId, SiteId),
    CONSTRAINT FK_UserSite_AppUser FOREIGN KEY (UserId)
        REFERENCES sec.AppUser (UserId) ON DELETE CASCADE,
    CONSTRAINT FK_UserSite_Site FOREIGN KEY (SiteId)
        REFERENCES wms.Site (SiteId) ON DELETE CASCADE
);
GO

CREATE INDEX IX_UserSite_SiteId ON sec.UserSite (SiteId);
GO

CREATE TABLE wms.Zone
(
    ZoneId   int           IDENTITY(1, 1) NOT NULL,
    SiteId   int           NOT NULL,
    ZoneCode varchar(10)   NOT NULL,
    ZoneName nvarchar(120) NOT NULL,
    ZoneType varchar(12)   NOT NULL,
    CONSTRAINT PK_Zone PRIMARY KEY CLUSTERED (ZoneId),
    CONSTRAINT UQ_Zone_SiteId_ZoneCode UNIQUE (SiteId, ZoneCode),
    CONSTRAINT UQ_Zone_ZoneId_SiteId UNIQUE (ZoneId, SiteId), -- target of composite keys
    CONSTRAINT FK_Zone_Site FOREIGN KEY (SiteId)
        REFERENCES wms.Site (SiteId) ON DELETE NO ACTION,
    CONSTRAINT CK_Zone_ZoneType CHECK (ZoneType IN ('receiving', 'storage', 'picking', 'shipping', 'quarantine'))
);
GO

/* SiteId is carried down so that a bin code is unique in its site and so that
   documents can be held to bins of their own site by a foreign key. */
CREATE TABLE wms.Bin
(
    BinId       int           IDENTITY(1, 1) NOT NULL,
    ZoneId      int           NOT NULL,
    SiteId      int           NOT NULL,
    BinCode     varchar(20)   NOT NULL,
    MaxWeightKg decimal(9, 3) NULL,
    IsBlocked   bit           NOT NULL CONSTRAINT DF_Bin_IsBlocked DEFAULT (0),
    CONSTRAINT PK_Bin PRIMARY KEY CLUSTERED (BinId),
    CONSTRAINT UQ_Bin_SiteId_BinCode UNIQUE (SiteId, BinCode),
    CONSTRAINT UQ_Bin_BinId_SiteId UNIQUE (BinId, SiteId),
    CONSTRAINT FK_Bin_Zone FOREIGN KEY (ZoneId, SiteId)
        REFERENCES wms.Zone (ZoneId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT CK_Bin_MaxWeightKg CHECK (MaxWeightKg > 0)
);
GO

CREATE INDEX IX_Bin_ZoneId_SiteId ON wms.Bin (ZoneId, SiteId);
GO

CREATE TABLE wms.Item
(
    ItemId          int               IDENTITY(1, 1) NOT NULL,
    Sku             varchar(40)       NOT NULL,
    ItemName        nvarchar(200)     NOT NULL,
    Gtin            varchar(14)       NULL,
    StockUnit       varchar(3)        NOT NULL,
    UnitWeightKg    decimal(9, 3)     NULL,
    IsLotControlled bit               NOT NULL CONSTRAINT DF_Item_IsLotControlled DEFAULT (0),
    IsActive        bit               NOT NULL CONSTRAINT DF_Item_IsActive DEFAULT (1),
    CreatedAt       datetimeoffset(3) NOT NULL CONSTRAINT DF_Item_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    UpdatedAt       datetimeoffset(3) NOT NULL CONSTRAINT DF_Item_UpdatedAt DEFAULT (SYSDATETIMEOFFSET()),
    RowVersion      rowversion        NOT NULL, -- the ETag of the API
    CONSTRAINT PK_Item PRIMARY KEY CLUSTERED (ItemId),
    CONSTRAINT UQ_Item_Sku UNIQUE (Sku),
    CONSTRAINT CK_Item_Sku CHECK (LEN(Sku) > 0 AND Sku NOT LIKE '% %'),
    CONSTRAINT CK_Item_Gtin CHECK (Gtin NOT LIKE '%[^0-9]%' AND LEN(Gtin) IN (8, 12, 13, 14)),
    CONSTRAINT CK_Item_StockUnit CHECK (StockUnit IN ('EA', 'CS', 'KG', 'L', 'M')),
    CONSTRAINT CK_Item_UnitWeightKg CHECK (UnitWeightKg > 0)
);
GO

CREATE UNIQUE INDEX UX_Item_Gtin ON wms.Item (Gtin) WHERE Gtin IS NOT NULL;
GO

CREATE TABLE wms.Lot
(
    LotId          int               IDENTITY(1, 1) NOT NULL,
    ItemId         int               NOT NULL,
    LotNumber      varchar(40)       NOT NULL,
    ManufacturedOn date              NULL,
    ExpiresOn      date              NULL,
    CreatedAt      datetimeoffset(3) NOT NULL CONSTRAINT DF_Lot_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_Lot PRIMARY KEY CLUSTERED (LotId),
    CONSTRAINT UQ_Lot_ItemId_LotNumber UNIQUE (ItemId, LotNumber),
    CONSTRAINT UQ_Lot_LotId_ItemId UNIQUE (LotId, ItemId),
    CONSTRAINT FK_Lot_Item FOREIGN KEY (ItemId)
        REFERENCES wms.Item (ItemId) ON DELETE NO ACTION,
    CONSTRAINT CK_Lot_Dates CHECK (ExpiresOn > ManufacturedOn)
);
GO

CREATE TABLE wms.Supplier
(
    SupplierId   int               IDENTITY(1, 1) NOT NULL,
    SupplierCode varchar(20)       NOT NULL,
    SupplierName nvarchar(200)     NOT NULL,
    Email        nvarchar(254)     NULL,
    IsActive     bit               NOT NULL CONSTRAINT DF_Supplier_IsActive DEFAULT (1),
    CreatedAt    datetimeoffset(3) NOT NULL CONSTRAINT DF_Supplier_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_Supplier PRIMARY KEY CLUSTERED (SupplierId),
    CONSTRAINT UQ_Supplier_SupplierCode UNIQUE (SupplierCode)
);
GO

CREATE TABLE wms.Customer
(
    CustomerId   int               IDENTITY(1, 1) NOT NULL,
    CustomerCode varchar(20)       NOT NULL,
    CustomerName nvarchar(200)     NOT NULL,
    Email        nvarchar(254)     NULL,
    IsActive     bit               NOT NULL CONSTRAINT DF_Customer_IsActive DEFAULT (1),
    CreatedAt    datetimeoffset(3) NOT NULL CONSTRAINT DF_Customer_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_Customer PRIMARY KEY CLUSTERED (CustomerId),
    CONSTRAINT UQ_Customer_CustomerCode UNIQUE (CustomerCode)
);
GO

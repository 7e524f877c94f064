/* 04_inventory.sql - stock balances, cycle counts, the movement ledger. */
SET XACT_ABORT ON;
SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
GO

/* One row for each bin, item and lot. SQL Server treats NULLs as equal in a UNIQUE
   constraint, so an item without lots also has a single row in each bin. */
CREATE TABLE wms.Stock
(
    StockId           int               IDENTITY(1, 1) NOT NULL,
    SiteId            int               NOT NULL,
    BinId             int               NOT NULL,
    ItemId            int               NOT NULL,
    LotId             int               NULL,
    QuantityOnHand    decimal(12, 3)    NOT NULL,
    QuantityAllocated decimal(12, 3)    NOT NULL CONSTRAINT DF_Stock_QuantityAllocated DEFAULT (0),
    UpdatedAt         datetimeoffset(3) NOT NULL CONSTRAINT DF_Stock_UpdatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_Stock PRIMARY KEY CLUSTERED (StockId),
    CONSTRAINT UQ_Stock_Bin_Item_Lot UNIQUE (BinId, ItemId, LotId),
    CONSTRAINT FK_Stock_Bin FOREIGN KEY (BinId, SiteId)
        REFERENCES wms.Bin (BinId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_Stock_Item FOREIGN KEY (ItemId)
        REFERENCES wms.Item (ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_Stock_Lot FOREIGN KEY (LotId, ItemId)
        REFERENCES wms.Lot (LotId, ItemId) ON DELETE NO ACTION,
    CONSTRAINT CK_Stock_QuantityOnHand CHECK (QuantityOnHand >= 0),
    CONSTRAINT CK_Stock_QuantityAllocated CHECK (QuantityAllocated BETWEEN 0 AND QuantityOnHand)
);
GO

/* Serves the list of a site, the availability view and the allocation of an item. */
CREATE INDEX IX_Stock_SiteId_ItemId ON wms.Stock (SiteId, ItemId)
    INCLUDE (BinId, LotId, QuantityOnHand, QuantityAllocated);
CREATE INDEX IX_Stock_ItemId ON wms.Stock (ItemId);
CREATE INDEX IX_Stock_Lot    ON wms.Stock (LotId, ItemId) WHERE LotId IS NOT NULL;
GO

CREATE TABLE wms.CycleCount
(
    CycleCountId    int               IDENTITY(1, 1) NOT NULL,
    SiteId          int               NOT NULL,
    ZoneId          int               NOT NULL,
    Status          varchar(10)       NOT NULL CONSTRAINT DF_CycleCount_Status DEFAULT ('open'),
    PostedAt        datetimeoffset(3) NULL,
    CreatedByUserId int               NOT NULL,
    CreatedAt       datetimeoffset(3) NOT NULL CONSTRAINT DF_CycleCount_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_CycleCount PRIMARY KEY CLUSTERED (CycleCountId),
    CONSTRAINT UQ_CycleCount_CycleCountId_SiteId UNIQUE (CycleCountId, SiteId),
    CONSTRAINT FK_CycleCount_Zone FOREIGN KEY (ZoneId, SiteId)
        REFERENCES wms.Zone (ZoneId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_CycleCount_CreatedBy FOREIGN KEY (CreatedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_CycleCount_Status CHECK (Status IN ('open', 'posted', 'cancelled')),
    CONSTRAINT CK_CycleCount_PostedAt CHECK
    (
        (Status = 'posted' AND PostedAt IS NOT NULL) OR (Status <> 'posted' AND PostedAt IS NULL)
    )
);
GO

/* A zone has at most one open count. */
CREATE UNIQUE INDEX UX_CycleCount_OpenZone ON wms.CycleCount (ZoneId) WHERE Status = 'open';
CREATE INDEX IX_CycleCount_ZoneId_SiteId   ON wms.CycleCount (ZoneId, SiteId);
CREATE INDEX IX_CycleCount_CreatedByUserId ON wms.CycleCount (CreatedByUserId);
GO

CREATE TABLE wms.CycleCountLine
(
    CycleCountLineId int               IDENTITY(1, 1) NOT NULL,
    CycleCountId     int               NOT NULL,
    SiteId           int               NOT NULL,
    BinId            int               NOT NULL,
    ItemId           int               NOT NULL,
    LotId            int               NULL,
    ExpectedQuantity decimal(12, 3)    NOT NULL, -- stock on hand when the count was opened
    CountedQuantity  decimal(12, 3)    NULL,
    CountedByUserId  int               NULL,
    CountedAt        datetimeoffset(3) NULL,
    CONSTRAINT PK_CycleCountLine PRIMARY KEY CLUSTERED (CycleCountLineId),
    CONSTRAINT UQ_CycleCountLine_Position UNIQUE (CycleCountId, BinId, ItemId, LotId),
    CONSTRAINT FK_CycleCountLine_CycleCount FOREIGN KEY (CycleCountId, SiteId)
        REFERENCES wms.CycleCount (CycleCountId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_CycleCountLine_Bin FOREIGN KEY (BinId, SiteId)
        REFERENCES wms.Bin (BinId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_CycleCountLine_Item FOREIGN KEY (ItemId)
        REFERENCES wms.Item (ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_CycleCountLine_Lot FOREIGN KEY (LotId, ItemId)
        REFERENCES wms.Lot (LotId, ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_CycleCountLine_CountedBy FOREIGN KEY (CountedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_CycleCountLine_ExpectedQuantity CHECK (ExpectedQuantity >= 0),
    CONSTRAINT CK_CycleCountLine_CountedQuantity CHECK (CountedQuantity >= 0),
    CONSTRAINT CK_CycleCountLine_Counted CHECK
    (
        (CountedQuantity IS NULL AND CountedByUserId IS NULL AND CountedAt IS NULL)
     OR (CountedQuantity IS NOT NULL AND CountedByUserId IS NOT NULL AND CountedAt IS NOT NULL)
    )
);
GO

CREATE INDEX IX_CycleCountLine_Bin             ON wms.CycleCountLine (BinId, SiteId);
CREATE INDEX IX_CycleCountLine_ItemId          ON wms.CycleCountLine (ItemId);
CREATE INDEX IX_CycleCountLine_Lot             ON wms.CycleCountLine (LotId, ItemId) WHERE LotId IS NOT NULL;
CREATE INDEX IX_CycleCountLine_CountedByUserId ON wms.CycleCountLine (CountedByUserId) WHERE CountedByUserId IS NOT NULL;
GO

/* The ledger behind wms.Stock. Written only by wms.PostStockMovement, never changed.
   Both bins are held to SiteId, so a transfer cannot cross sites. */
CREATE TABLE wms.StockMovement
(
    StockMovementId  bigint            IDENTITY(1, 1) NOT NULL,
    ClientReference  uniqueidentifier  NOT NULL,
    MovementType     varchar(10)       NOT NULL,
    SiteId           int               NOT NULL,
    ItemId           int               NOT NULL,
    LotId            int               NULL,
    FromBinId        int               NULL,
    ToBinId          int               NULL,
    Quantity         decimal(12, 3)    NOT NULL,
    ReasonCode       varchar(12)       NULL,
    ReceiptLineId    int               NULL,
    PickTaskId       int               NULL,
    CycleCountLineId int               NULL,
    PostedByUserId   int               NOT NULL,
    PostedAt         datetimeoffset(3) NOT NULL CONSTRAINT DF_StockMovement_PostedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_StockMovement PRIMARY KEY CLUSTERED (StockMovementId),
    CONSTRAINT UQ_StockMovement_ClientReference UNIQUE (ClientReference),
    CONSTRAINT FK_StockMovement_Item FOREIGN KEY (ItemId)
        REFERENCES wms.Item (ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_Lot FOREIGN KEY (LotId, ItemId)
        REFERENCES wms.Lot (LotId, ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_FromBin FOREIGN KEY (FromBinId, SiteId)
        REFERENCES wms.Bin (BinId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_ToBin FOREIGN KEY (ToBinId, SiteId)
        REFERENCES wms.Bin (BinId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_Site FOREIGN KEY (SiteId)
        REFERENCES wms.Site (SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_ReceiptLine FOREIGN KEY (ReceiptLineId)
        REFERENCES wms.ReceiptLine (ReceiptLineId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_PickTask FOREIGN KEY (PickTaskId)
        REFERENCES wms.PickTask (PickTaskId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_CycleCountLine FOREIGN KEY (CycleCountLineId)
        REFERENCES wms.CycleCountLine (CycleCountLineId) ON DELETE NO ACTION,
    CONSTRAINT FK_StockMovement_PostedBy FOREIGN KEY (PostedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_StockMovement_Quantity CHECK (Quantity > 0),
    CONSTRAINT CK_StockMovement_ReasonCode CHECK (ReasonCode IN ('damaged', 'expired', 'found', 'lost', 'count')),
    CONSTRAINT CK_StockMovement_MovementType CHECK (MovementType IN ('receipt', 'pick', 'transfer', 'adjust_in', 'adjust_out')),
    CONSTRAINT CK_StockMovement_Shape CHECK
    (
        (MovementType = 'receipt'    AND FromBinId IS NULL     AND ToBinId IS NOT NULL AND ReceiptLineId IS NOT NULL
         AND PickTaskId IS NULL AND CycleCountLineId IS NULL AND ReasonCode IS NULL)
     OR (MovementType = 'pick'       AND FromBinId IS NOT NULL AND ToBinId IS NULL     AND PickTaskId IS NOT NULL
         AND ReceiptLineId IS NULL AND CycleCountLineId IS NULL AND ReasonCode IS NULL)
     OR (MovementType = 'transfer'   AND FromBinId IS NOT NULL AND ToBinId IS NOT NULL AND FromBinId <> ToBinId
         AND ReceiptLineId IS NULL AND PickTaskId IS NULL AND CycleCountLineId IS NULL AND ReasonCode IS NULL)
     OR (MovementType = 'adjust_in'  AND FromBinId IS NULL     AND ToBinId IS NOT NULL AND ReasonCode IS NOT NULL
         AND ReceiptLineId IS NULL AND PickTaskId IS NULL)
     OR (MovementType = 'adjust_out' AND FromBinId IS NOT NULL AND ToBinId IS NULL     AND ReasonCode IS NOT NULL
         AND ReceiptLineId IS NULL AND PickTaskId IS NULL)
    )
);
GO

/* A receipt line, a pick task and a count line are each posted at most once. */
CREATE UNIQUE INDEX UX_StockMovement_ReceiptLineId ON wms.StockMovement (ReceiptLineId) WHERE ReceiptLineId IS NOT NULL;
CREATE UNIQUE INDEX UX_StockMovement_PickTaskId    ON wms.StockMovement (PickTaskId) WHERE PickTaskId IS NOT NULL;
CREATE UNIQUE INDEX UX_StockMovement_CycleCountLineId
    ON wms.StockMovement (CycleCountLineId) WHERE CycleCountLineId IS NOT NULL;
CREATE INDEX IX_StockMovement_SiteId_PostedAt ON wms.StockMovement (SiteId, PostedAt);
CREATE INDEX IX_StockMovement_ItemId_PostedAt ON wms.StockMovement (ItemId, PostedAt);
CREATE INDEX IX_StockMovement_Lot     ON wms.StockMovement (LotId, ItemId) WHERE LotId IS NOT NULL;
CREATE INDEX IX_StockMovement_FromBin ON wms.StockMovement (FromBinId, SiteId) WHERE FromBinId IS NOT NULL;
CREATE INDEX IX_StockMovement_ToBin   ON wms.StockMovement (ToBinId, SiteId) WHERE ToBinId IS NOT NULL;
CREATE INDEX IX_StockMovement_PostedByUserId ON wms.StockMovement (PostedByUserId);
GO

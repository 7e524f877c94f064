/* 03_inbound_outbound.sql - purchase orders, receipts, shipments, pick tasks. */
SET XACT_ABORT ON;
SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
GO

CREATE TABLE wms.PurchaseOrder
(
    PurchaseOrderId int               IDENTITY(1, 1) NOT NULL,
    OrderNumber     varchar(30)       NOT NULL,
    SupplierId      int               NOT NULL,
    SiteId          int               NOT NULL,
    Status          varchar(20)       NOT NULL CONSTRAINT DF_PurchaseOrder_Status DEFAULT ('open'),
    CurrencyCode    char(3)           NOT NULL,
    ExpectedOn      date              NOT NULL,
    CreatedByUserId int               NOT NULL,
    CreatedAt       datetimeoffset(3) NOT NULL CONSTRAINT DF_PurchaseOrder_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_PurchaseOrder PRIMARY KEY CLUSTERED (PurchaseOrderId),
    CONSTRAINT UQ_PurchaseOrder_OrderNumber UNIQUE (OrderNumber),
    CONSTRAINT UQ_PurchaseOrder_PurchaseOrderId_SiteId UNIQUE (PurchaseOrderId, SiteId),
    CONSTRAINT FK_PurchaseOrder_Supplier FOREIGN KEY (SupplierId)
        REFERENCES wms.Supplier (SupplierId) ON DELETE NO ACTION,
    CONSTRAINT FK_PurchaseOrder_Site FOREIGN KEY (SiteId)
        REFERENCES wms.Site (SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_PurchaseOrder_CreatedBy FOREIGN KEY (CreatedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_PurchaseOrder_Status CHECK (Status IN ('open', 'partially_received', 'received', 'cancelled')),
    CONSTRAINT CK_PurchaseOrder_CurrencyCode CHECK (CurrencyCode COLLATE Latin1_General_BIN2 LIKE '[A-Z][A-Z][A-Z]')
);
GO

CREATE INDEX IX_PurchaseOrder_SiteId_Status   ON wms.PurchaseOrder (SiteId, Status, PurchaseOrderId);
CREATE INDEX IX_PurchaseOrder_SupplierId      ON wms.PurchaseOrder (SupplierId, PurchaseOrderId);
CREATE INDEX IX_PurchaseOrder_CreatedByUserId ON wms.PurchaseOrder (CreatedByUserId);
GO

CREATE TABLE wms.PurchaseOrderLine
(
    PurchaseOrderLineId int            IDENTITY(1, 1) NOT NULL,
    PurchaseOrderId     int            NOT NULL,
    LineNumber          smallint       NOT NULL,
    ItemId              int            NOT NULL,
    QuantityOrdered     decimal(12, 3) NOT NULL,
    QuantityReceived    decimal(12, 3) NOT NULL CONSTRAINT DF_PurchaseOrderLine_QuantityReceived DEFAULT (0),
    UnitPrice           decimal(19, 4) NOT NULL, -- in PurchaseOrder.CurrencyCode
    CONSTRAINT PK_PurchaseOrderLine PRIMARY KEY CLUSTERED (PurchaseOrderLineId),
    CONSTRAINT UQ_PurchaseOrderLine_LineNumber UNIQUE (PurchaseOrderId, LineNumber),
    CONSTRAINT UQ_PurchaseOrderLine_ReceiptKey UNIQUE (PurchaseOrderLineId, PurchaseOrderId, ItemId),
    CONSTRAINT FK_PurchaseOrderLine_PurchaseOrder FOREIGN KEY (PurchaseOrderId)
        REFERENCES wms.PurchaseOrder (PurchaseOrderId) ON DELETE NO ACTION,
    CONSTRAINT FK_PurchaseOrderLine_Item FOREIGN KEY (ItemId)
        REFERENCES wms.Item (ItemId) ON DELETE NO ACTION,
    CONSTRAINT CK_PurchaseOrderLine_LineNumber CHECK (LineNumber > 0),
    CONSTRAINT CK_PurchaseOrderLine_QuantityOrdered CHECK (QuantityOrdered > 0),
    CONSTRAINT CK_PurchaseOrderLine_QuantityReceived CHECK (QuantityReceived BETWEEN 0 AND QuantityOrdered),
    CONSTRAINT CK_PurchaseOrderLine_UnitPrice CHECK (UnitPrice >= 0)
);
GO

CREATE INDEX IX_PurchaseOrderLine_ItemId ON wms.PurchaseOrderLine (ItemId);
GO

CREATE TABLE wms.Receipt
(
    ReceiptId          int               IDENTITY(1, 1) NOT NULL,
    PurchaseOrderId    int               NOT NULL,
    SiteId             int               NOT NULL,
    DeliveryNoteNumber varchar(40)       NOT NULL,
    ReceivedByUserId   int               NOT NULL,
    ReceivedAt         datetimeoffset(3) NOT NULL CONSTRAINT DF_Receipt_ReceivedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_Receipt PRIMARY KEY CLUSTERED (ReceiptId),
    CONSTRAINT UQ_Receipt_DeliveryNote UNIQUE (PurchaseOrderId, DeliveryNoteNumber), -- a retry cannot receive twice
    CONSTRAINT UQ_Receipt_LineKey UNIQUE (ReceiptId, PurchaseOrderId, SiteId),
    CONSTRAINT FK_Receipt_PurchaseOrder FOREIGN KEY (PurchaseOrderId, SiteId)
        REFERENCES wms.PurchaseOrder (PurchaseOrderId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_Receipt_ReceivedBy FOREIGN KEY (ReceivedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION
);
GO

CREATE INDEX IX_Receipt_ReceivedByUserId ON wms.Receipt (ReceivedByUserId);
GO

/* The composite keys hold a line to its own order, item, lot and site. */
CREATE TABLE wms.ReceiptLine
(
    ReceiptLineId       int            IDENTITY(1, 1) NOT NULL,
    ReceiptId           int            NOT NULL,
    PurchaseOrderId     int            NOT NULL,
    SiteId              int            NOT NULL,
    PurchaseOrderLineId int            NOT NULL,
    ItemId              int            NOT NULL,
    LotId               int            NULL,
    BinId               int            NOT NULL,
    Quantity            decimal(12, 3) NOT NULL,
    CONSTRAINT PK_ReceiptLine PRIMARY KEY CLUSTERED (ReceiptLineId),
    CONSTRAINT FK_ReceiptLine_Receipt FOREIGN KEY (ReceiptId, PurchaseOrderId, SiteId)
        REFERENCES wms.Receipt (ReceiptId, PurchaseOrderId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_ReceiptLine_PurchaseOrderLine FOREIGN KEY (PurchaseOrderLineId, PurchaseOrderId, ItemId)
        REFERENCES wms.PurchaseOrderLine (PurchaseOrderLineId, PurchaseOrderId, ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_ReceiptLine_Lot FOREIGN KEY (LotId, ItemId)
        REFERENCES wms.Lot (LotId, ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_ReceiptLine_Bin FOREIGN KEY (BinId, SiteId)
        REFERENCES wms.Bin (BinId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT CK_ReceiptLine_Quantity CHECK (Quantity > 0)
);
GO

CREATE INDEX IX_ReceiptLine_Receipt           ON wms.ReceiptLine (ReceiptId, PurchaseOrderId, SiteId);
CREATE INDEX IX_ReceiptLine_PurchaseOrderLine ON wms.ReceiptLine (PurchaseOrderLineId, PurchaseOrderId, ItemId);
CREATE INDEX IX_ReceiptLine_Lot               ON wms.ReceiptLine (LotId, ItemId) WHERE LotId IS NOT NULL;
CREATE INDEX IX_ReceiptLine_Bin               ON wms.ReceiptLine (BinId, SiteId);
GO

CREATE TABLE wms.Shipment
(
    ShipmentId        int               IDENTITY(1, 1) NOT NULL,
    SiteId            int               NOT NULL,
    CustomerId        int               NOT NULL,
    CustomerReference varchar(40)       NOT NULL,
    Status            varchar(20)       NOT NULL CONSTRAINT DF_Shipment_Status DEFAULT ('picking'),
    ShipToName        nvarchar(120)     NOT NULL,
    ShipToAddress     nvarchar(400)     NOT NULL,
    ShipToCountryCode char(2)           NOT NULL,
    RequestedShipOn   date              NOT NULL,
    ShippedAt         datetimeoffset(3) NULL,
    CreatedByUserId   int               NOT NULL,
    CreatedAt         datetimeoffset(3) NOT NULL CONSTRAINT DF_Shipment_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_Shipment PRIMARY KEY CLUSTERED (ShipmentId),
    CONSTRAINT UQ_Shipment_CustomerReference UNIQUE (CustomerId, CustomerReference), -- a retry cannot ship twice
    CONSTRAINT UQ_Shipment_ShipmentId_SiteId UNIQUE (ShipmentId, SiteId),
    CONSTRAINT FK_Shipment_Site FOREIGN KEY (SiteId)
        REFERENCES wms.Site (SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_Shipment_Customer FOREIGN KEY (CustomerId)
        REFERENCES wms.Customer (CustomerId) ON DELETE NO ACTION,
    CONSTRAINT FK_Shipment_CreatedBy FOREIGN KEY (CreatedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_Shipment_Status CHECK (Status IN ('picking', 'picked', 'shipped', 'cancelled')),
    CONSTRAINT CK_Shipment_ShipToCountryCode CHECK (ShipToCountryCode COLLATE Latin1_General_BIN2 LIKE '[A-Z][A-Z]'),
    CONSTRAINT CK_Shipment_ShippedAt CHECK
    (
        (Status = 'shipped' AND ShippedAt IS NOT NULL) OR (Status <> 'shipped' AND ShippedAt IS NULL)
    )
);
GO

CREATE INDEX IX_Shipment_SiteId_Status   ON wms.Shipment (SiteId, Status, ShipmentId);
CREATE INDEX IX_Shipment_CreatedByUserId ON wms.Shipment (CreatedByUserId);
GO

CREATE TABLE wms.ShipmentLine
(
    ShipmentLineId  int            IDENTITY(1, 1) NOT NULL,
    ShipmentId      int            NOT NULL,
    SiteId          int            NOT NULL,
    LineNumber      smallint       NOT NULL,
    ItemId          int            NOT NULL,
    QuantityOrdered decimal(12, 3) NOT NULL,
    QuantityPicked  decimal(12, 3) NOT NULL CONSTRAINT DF_ShipmentLine_QuantityPicked DEFAULT (0),
    CONSTRAINT PK_ShipmentLine PRIMARY KEY CLUSTERED (ShipmentLineId),
    CONSTRAINT UQ_ShipmentLine_LineNumber UNIQUE (ShipmentId, LineNumber),
    CONSTRAINT UQ_ShipmentLine_PickKey UNIQUE (ShipmentLineId, SiteId, ItemId),
    CONSTRAINT FK_ShipmentLine_Shipment FOREIGN KEY (ShipmentId, SiteId)
        REFERENCES wms.Shipment (ShipmentId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_ShipmentLine_Item FOREIGN KEY (ItemId)
        REFERENCES wms.Item (ItemId) ON DELETE NO ACTION,
    CONSTRAINT CK_ShipmentLine_LineNumber CHECK (LineNumber > 0),
    CONSTRAINT CK_ShipmentLine_QuantityOrdered CHECK (QuantityOrdered > 0),
    CONSTRAINT CK_ShipmentLine_QuantityPicked CHECK (QuantityPicked BETWEEN 0 AND QuantityOrdered)
);
GO

CREATE INDEX IX_ShipmentLine_ItemId ON wms.ShipmentLine (ItemId);
GO

/* Status short: less was found than allocated; the rest of the allocation is given back. */
CREATE TABLE wms.PickTask
(
    PickTaskId       int               IDENTITY(1, 1) NOT NULL,
    ShipmentLineId   int               NOT NULL,
    SiteId           int               NOT NULL,
    ItemId           int               NOT NULL,
    LotId            int               NULL,
    BinId            int               NOT NULL,
    QuantityToPick   decimal(12, 3)    NOT NULL,
    QuantityPicked   decimal(12, 3)    NULL,
    Status           varchar(10)       NOT NULL CONSTRAINT DF_PickTask_Status DEFAULT ('open'),
    PickedByUserId   int               NULL,
    PickedAt         datetimeoffset(3) NULL,
    CreatedAt        datetimeoffset(3) NOT NULL CONSTRAINT DF_PickTask_CreatedAt DEFAULT (SYSDATETIMEOFFSET()),
    CONSTRAINT PK_PickTask PRIMARY KEY CLUSTERED (PickTaskId),
    CONSTRAINT FK_PickTask_ShipmentLine FOREIGN KEY (ShipmentLineId, SiteId, ItemId)
        REFERENCES wms.ShipmentLine (ShipmentLineId, SiteId, ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_PickTask_Lot FOREIGN KEY (LotId, ItemId)
        REFERENCES wms.Lot (LotId, ItemId) ON DELETE NO ACTION,
    CONSTRAINT FK_PickTask_Bin FOREIGN KEY (BinId, SiteId)
        REFERENCES wms.Bin (BinId, SiteId) ON DELETE NO ACTION,
    CONSTRAINT FK_PickTask_PickedBy FOREIGN KEY (PickedByUserId)
        REFERENCES sec.AppUser (UserId) ON DELETE NO ACTION,
    CONSTRAINT CK_PickTask_QuantityToPick CHECK (QuantityToPick > 0),
    CONSTRAINT CK_PickTask_Outcome CHECK
    (
        (Status IN ('open', 'cancelled') AND QuantityPicked IS NULL AND PickedByUserId IS NULL AND PickedAt IS NULL)
     OR (Status = 'picked' AND QuantityPicked IS NOT NULL AND QuantityPicked = QuantityToPick
         AND PickedByUserId IS NOT NULL AND PickedAt IS NOT NULL)
     OR (Status = 'short' AND QuantityPicked IS NOT NULL AND QuantityPicked >= 0 AND QuantityPicked < QuantityToPick
         AND PickedByUserId IS NOT NULL AND PickedAt IS NOT NULL)
    ),
    CONSTRAINT CK_PickTask_Status CHECK (Status IN ('open', 'picked', 'short', 'cancelled'))
);
GO

CREATE INDEX IX_PickTask_SiteId_Status  ON wms.PickTask (SiteId, Status, PickTaskId);
CREATE INDEX IX_PickTask_ShipmentLine   ON wms.PickTask (ShipmentLineId, SiteId, ItemId);
CREATE INDEX IX_PickTask_Bin            ON wms.PickTask (BinId, SiteId);
CREATE INDEX IX_PickTask_Lot            ON wms.PickTask (LotId, ItemId) WHERE LotId IS NOT NULL;
CREATE INDEX IX_PickTask_PickedByUserId ON wms.PickTask (PickedByUserId) WHERE PickedByUserId IS NOT NULL;
GO

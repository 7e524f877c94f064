-- A shop in SQL Server.

CREATE TABLE dbo.Users (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    Email NVARCHAR(255) NOT NULL,
    PasswordHash NVARCHAR(255) NOT NULL,
    DisplayName NVARCHAR(120) NOT NULL,
    IsActive BIT NOT NULL DEFAULT 1,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    UNIQUE (Email)
);
GO

CREATE TABLE dbo.Addresses (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    UserId BIGINT NOT NULL,
    Street NVARCHAR(200) NOT NULL,
    City NVARCHAR(120) NOT NULL,
    PostalCode NVARCHAR(20) NOT NULL,
    CountryCode CHAR(2) NOT NULL,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    CONSTRAINT FK_Addresses_UserId FOREIGN KEY (UserId) REFERENCES dbo.Users (Id) ON DELETE CASCADE
);
GO

CREATE INDEX IX_Addresses_UserId ON dbo.Addresses (UserId);
GO


CREATE TABLE dbo.Categories (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    ParentId BIGINT NULL,
    Slug NVARCHAR(80) NOT NULL,
    Label NVARCHAR(120) NOT NULL,
    UNIQUE (Slug),
    CHECK (ParentId <> Id),
    CONSTRAINT FK_Categories_ParentId FOREIGN KEY (ParentId) REFERENCES dbo.Categories (Id) ON DELETE NO ACTION
);
GO

CREATE INDEX IX_Categories_ParentId ON dbo.Categories (ParentId);
GO


CREATE TABLE dbo.Suppliers (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    Name NVARCHAR(200) NOT NULL,
    ContactEmail NVARCHAR(255) NOT NULL,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    UNIQUE (Name)
);
GO

CREATE TABLE dbo.Products (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    CategoryId BIGINT NOT NULL,
    SupplierId BIGINT NOT NULL,
    Sku NVARCHAR(40) NOT NULL,
    Title NVARCHAR(200) NOT NULL,
    Price DECIMAL(12, 2) NOT NULL,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    UNIQUE (Sku),
    CHECK (Price >= 0),
    CONSTRAINT FK_Products_CategoryId FOREIGN KEY (CategoryId) REFERENCES dbo.Categories (Id) ON DELETE NO ACTION,
    CONSTRAINT FK_Products_SupplierId FOREIGN KEY (SupplierId) REFERENCES dbo.Suppliers (Id) ON DELETE NO ACTION
);
GO

CREATE INDEX IX_Products_CategoryId ON dbo.Products (CategoryId);
GO

CREATE INDEX IX_Products_SupplierId ON dbo.Products (SupplierId);
GO


CREATE TABLE dbo.ProductImages (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    ProductId BIGINT NOT NULL,
    Url NVARCHAR(500) NOT NULL,
    Position INT NOT NULL,
    UNIQUE (ProductId, Position),
    CHECK (Position >= 0),
    CONSTRAINT FK_ProductImages_ProductId FOREIGN KEY (ProductId) REFERENCES dbo.Products (Id) ON DELETE CASCADE
);
GO

CREATE TABLE dbo.Warehouses (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    Code NVARCHAR(20) NOT NULL,
    City NVARCHAR(120) NOT NULL,
    UNIQUE (Code)
);
GO

CREATE TABLE dbo.StockLevels (
    ProductId BIGINT NOT NULL,
    WarehouseId BIGINT NOT NULL,
    Quantity INT NOT NULL,
    PRIMARY KEY (ProductId, WarehouseId),
    CHECK (Quantity >= 0),
    CONSTRAINT FK_StockLevels_ProductId FOREIGN KEY (ProductId) REFERENCES dbo.Products (Id) ON DELETE CASCADE,
    CONSTRAINT FK_StockLevels_WarehouseId FOREIGN KEY (WarehouseId) REFERENCES dbo.Warehouses (Id) ON DELETE NO ACTION
);
GO

CREATE INDEX IX_StockLevels_WarehouseId ON dbo.StockLevels (WarehouseId);
GO


CREATE TABLE dbo.Carts (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    UserId BIGINT NOT NULL,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    CONSTRAINT FK_Carts_UserId FOREIGN KEY (UserId) REFERENCES dbo.Users (Id) ON DELETE CASCADE
);
GO

CREATE INDEX IX_Carts_UserId ON dbo.Carts (UserId);
GO


CREATE TABLE dbo.CartItems (
    CartId BIGINT NOT NULL,
    ProductId BIGINT NOT NULL,
    Quantity INT NOT NULL,
    PRIMARY KEY (CartId, ProductId),
    CHECK (Quantity > 0),
    CONSTRAINT FK_CartItems_CartId FOREIGN KEY (CartId) REFERENCES dbo.Carts (Id) ON DELETE CASCADE,
    CONSTRAINT FK_CartItems_ProductId FOREIGN KEY (ProductId) REFERENCES dbo.Products (Id) ON DELETE CASCADE
);
GO

CREATE INDEX IX_CartItems_ProductId ON dbo.CartItems (ProductId);
GO


CREATE TABLE dbo.Coupons (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    Code NVARCHAR(40) NOT NULL,
    DiscountPercent SMALLINT NOT NULL,
    StartsAt DATETIMEOFFSET NOT NULL,
    EndsAt DATETIMEOFFSET NOT NULL,
    UNIQUE (Code),
    CHECK (DiscountPercent BETWEEN 1 AND 100),
    CHECK (EndsAt > StartsAt)
);
GO

CREATE TABLE dbo.Orders (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    UserId BIGINT NOT NULL,
    CouponId BIGINT NULL,
    OrderNumber NVARCHAR(40) NOT NULL,
    Status NVARCHAR(20) NOT NULL DEFAULT N'open' CHECK (Status IN (N'open', N'paid', N'shipped', N'closed')),
    Currency CHAR(3) NOT NULL,
    Total DECIMAL(12, 2) NOT NULL,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    UNIQUE (OrderNumber),
    CHECK (Total >= 0),
    CONSTRAINT FK_Orders_UserId FOREIGN KEY (UserId) REFERENCES dbo.Users (Id) ON DELETE NO ACTION,
    CONSTRAINT FK_Orders_CouponId FOREIGN KEY (CouponId) REFERENCES dbo.Coupons (Id) ON DELETE SET NULL
);
GO

CREATE INDEX IX_Orders_CouponId ON dbo.Orders (CouponId);
GO

CREATE INDEX IX_Orders_UserIdCreatedAt ON dbo.Orders (UserId, CreatedAt);
GO


CREATE TABLE dbo.OrderItems (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    OrderId BIGINT NOT NULL,
    ProductId BIGINT NOT NULL,
    Quantity INT NOT NULL,
    UnitPrice DECIMAL(12, 2) NOT NULL,
    UNIQUE (OrderId, ProductId),
    CHECK (Quantity > 0),
    CHECK (UnitPrice >= 0),
    CONSTRAINT FK_OrderItems_OrderId FOREIGN KEY (OrderId) REFERENCES dbo.Orders (Id) ON DELETE CASCADE,
    CONSTRAINT FK_OrderItems_ProductId FOREIGN KEY (ProductId) REFERENCES dbo.Products (Id) ON DELETE NO ACTION
);
GO

CREATE INDEX IX_OrderItems_ProductId ON dbo.OrderItems (ProductId);
GO


CREATE TABLE dbo.Payments (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    OrderId BIGINT NOT NULL,
    Amount DECIMAL(12, 2) NOT NULL,
    Provider NVARCHAR(40) NOT NULL,
    PaidAt DATETIMEOFFSET NULL,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    CHECK (Amount > 0),
    CONSTRAINT FK_Payments_OrderId FOREIGN KEY (OrderId) REFERENCES dbo.Orders (Id) ON DELETE NO ACTION
);
GO

CREATE INDEX IX_Payments_OrderId ON dbo.Payments (OrderId);
GO


CREATE TABLE dbo.Reviews (
    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY,
    UserId BIGINT NOT NULL,
    ProductId BIGINT NOT NULL,
    Rating SMALLINT NOT NULL,
    Body NVARCHAR(MAX) NULL,
    CreatedAt DATETIMEOFFSET NOT NULL DEFAULT SYSDATETIMEOFFSET(),
    UNIQUE (UserId, ProductId),
    CHECK (Rating BETWEEN 1 AND 5),
    CONSTRAINT FK_Reviews_UserId FOREIGN KEY (UserId) REFERENCES dbo.Users (Id) ON DELETE CASCADE,
    CONSTRAINT FK_Reviews_ProductId FOREIGN KEY (ProductId) REFERENCES dbo.Products (Id) ON DELETE CASCADE
);
GO

CREATE INDEX IX_Reviews_ProductId ON dbo.Reviews (ProductId);
GO

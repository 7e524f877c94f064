IF OBJECT_ID('dbo.Customers') IS NULL
CREATE TABLE [dbo].[Regions] (
    [Id] bigint IDENTITY(1,1) NOT NULL CONSTRAINT [PK_Regions] PRIMARY KEY CLUSTERED,
    [Label] nvarchar(80) NOT NULL
);
GO
CREATE TABLE [dbo].[Customers] (
    [Id] bigint IDENTITY(1,1) NOT NULL,
    [Email] nvarchar(320) NOT NULL,
    [CreatedAt] datetimeoffset(3) NOT NULL CONSTRAINT [DF_Customers_CreatedAt] DEFAULT SYSDATETIMEOFFSET(),
    CONSTRAINT [PK_Customers] PRIMARY KEY CLUSTERED ([Id] ASC),
    CONSTRAINT [UQ_Customers_Email] UNIQUE NONCLUSTERED ([Email])
);
GO
CREATE TABLE [dbo].[Orders] (
    [Id] bigint IDENTITY(1,1) NOT NULL PRIMARY KEY,
    [CustomerId] bigint NOT NULL,
    [Total] decimal(19, 4) NOT NULL CHECK ([Total] >= 0),
    CONSTRAINT [FK_Orders_Customers] FOREIGN KEY ([CustomerId]) REFERENCES [dbo].[Customers] ([Id]) ON DELETE CASCADE
);
CREATE NONCLUSTERED INDEX [IX_Orders_CustomerId] ON [dbo].[Orders] ([CustomerId]);
GO
CREATE PROCEDURE [dbo].[CountOrders] AS
BEGIN
    SELECT COUNT(*) FROM [dbo].[Orders];
END
GO

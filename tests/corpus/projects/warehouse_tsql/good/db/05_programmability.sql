/* 05_programmability.sql - view, procedure, trigger and rights. */
SET XACT_ABORT ON;
SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
GO

/* What can be promised to customers: quarantined zones, blocked bins and expired lots do not count. */
CREATE VIEW wms.StockAvailability
WITH SCHEMABINDING
AS
SELECT
    s.SiteId,
    s.ItemId,
    i.Sku,
    i.StockUnit,
    CAST(SUM(s.QuantityOnHand) AS decimal(12, 3))                       AS QuantityOnHand,
    CAST(SUM(s.QuantityAllocated) AS decimal(12, 3))                    AS QuantityAllocated,
    CAST(SUM(s.QuantityOnHand - s.QuantityAllocated) AS decimal(12, 3)) AS QuantityAvailable
FROM wms.Stock AS s
INNER JOIN wms.Item AS i ON i.ItemId = s.ItemId
INNER JOIN wms.Bin  AS b ON b.BinId = s.BinId
INNER JOIN wms.Zone AS z ON z.ZoneId = b.ZoneId
LEFT  JOIN wms.Lot  AS l ON l.LotId = s.LotId
WHERE b.IsBlocked = 0
  AND z.ZoneType <> 'quarantine'
  AND (l.ExpiresOn IS NULL OR l.ExpiresOn > CAST(SYSUTCDATETIME() AS date))
GROUP BY s.SiteId, s.ItemId, i.Sku, i.StockUnit;
GO

/* The only writer of wms.StockMovement and of QuantityOnHand. Safe to repeat with the
   same @ClientReference. Joins the caller's transaction, or opens its own.
   Errors: 51001 reference reused, 51002 unknown or foreign bin, 51003 lot rule,
           51004 insufficient stock, 51005 busy (try again), 51006 bin blocked. */
CREATE PROCEDURE wms.PostStockMovement
    @ClientReference    uniqueidentifier,
    @MovementType       varchar(10),
    @SiteId             int,
    @ItemId             int,
    @LotId              int,
    @FromBinId          int,
    @ToBinId            int,
    @Quantity           decimal(12, 3),
    @ReleasedAllocation decimal(12, 3) = 0,
    @ReasonCode         varchar(12)    = NULL,
    @ReceiptLineId      int            = NULL,
    @PickTaskId         int            = NULL,
    @CycleCountLineId   int            = NULL,
    @PostedByUserId     int,
    @StockMovementId    bigint         OUTPUT
AS
BEGIN
    SET NOCOUNT ON;
    SET XACT_ABORT ON;

    DECLARE @OwnsTransaction bit = CASE WHEN @@TRANCOUNT = 0 THEN 1 ELSE 0 END;
    DECLARE @LockName nvarchar(255) = CONCAT(N'wms.Stock:item:', @ItemId);
    DECLARE @LockResult int;
    DECLARE @IsLotControlled bit;

    SET @StockMovementId = NULL;

    BEGIN TRY
        IF @OwnsTransaction = 1 BEGIN TRANSACTION;

        /* One writer for each item: a transfer touches two rows and must not deadlock. */
        EXEC @LockResult = sys.sp_getapplock
            @Resource = @LockName, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 5000;
        IF @LockResult < 0 THROW 51005, 'The stock of the item is busy.', 1;

        SELECT @StockMovementId = m.StockMovementId
        FROM wms.StockMovement AS m WITH (UPDLOCK, HOLDLOCK)
        WHERE m.ClientReference = @ClientReference;

        IF @StockMovementId IS NOT NULL
        BEGIN
            /* EXISTS (... INTERSECT ...) compares with NULL equal to NULL. */
            IF NOT EXISTS
            (
                SELECT m.MovementType, m.SiteId, m.ItemId, m.LotId, m.FromBinId, m.ToBinId, m.Quantity, m.ReasonCode
                FROM wms.StockMovement AS m
                WHERE m.StockMovementId = @StockMovementId
                INTERSECT
                SELECT @MovementType, @SiteId, @ItemId, @LotId, @FromBinId, @ToBinId, @Quantity, @ReasonCode
            )
                THROW 51001, 'The client reference was used for another movement.', 1;

            IF @OwnsTransaction = 1 COMMIT TRANSACTION;
            RETURN 0;
        END;

        IF (SELECT COUNT(*) FROM wms.Bin WHERE SiteId = @SiteId AND BinId IN (@FromBinId, @ToBinId))
           <> IIF(@FromBinId IS NULL, 0, 1) + IIF(@ToBinId IS NULL, 0, 1)
            THROW 51002, 'A bin is unknown at the site.', 1;

        IF EXISTS (SELECT 1 FROM wms.Bin WHERE BinId = @ToBinId AND IsBlocked = 1)
            THROW 51006, 'The destination bin is blocked.', 1;

        SELECT @IsLotControlled = IsLotControlled FROM wms.Item WHERE ItemId = @ItemId;
        IF @IsLotControlled IS NULL
           OR (@IsLotControlled = 1 AND @LotId IS NULL)
           OR (@IsLotControlled = 0 AND @LotId IS NOT NULL)
            THROW 51003, 'The item is unknown, or the lot does not suit the item.', 1;

        IF @FromBinId IS NOT NULL
        BEGIN
            UPDATE wms.Stock
            SET QuantityOnHand    = QuantityOnHand - @Quantity,
                QuantityAllocated = QuantityAllocated - @ReleasedAllocation,
                UpdatedAt         = SYSDATETIMEOFFSET()
            WHERE BinId = @FromBinId
              AND ItemId = @ItemId
              AND (LotId = @LotId OR (LotId IS NULL AND @LotId IS NULL))
              AND QuantityAllocated >= @ReleasedAllocation
              AND QuantityOnHand - @Quantity >= QuantityAllocated - @ReleasedAllocation;

            IF @@ROWCOUNT = 0 THROW 51004, 'Insufficient unallocated stock in the source bin.', 1;
        END;

        IF @ToBinId IS NOT NULL
        BEGIN
            UPDATE wms.Stock WITH (UPDLOCK, HOLDLOCK)
            SET QuantityOnHand = QuantityOnHand + @Quantity,
                UpdatedAt      = SYSDATETIMEOFFSET()
            WHERE BinId = @ToBinId
              AND ItemId = @ItemId
              AND (LotId = @LotId OR (LotId IS NULL AND @LotId IS NULL));

            IF @@ROWCOUNT = 0
                INSERT INTO wms.Stock (SiteId, BinId, ItemId, LotId, QuantityOnHand)
                VALUES (@SiteId, @ToBinId, @ItemId, @LotId, @Quantity);
        END;

        INSERT INTO wms.StockMovement
            (ClientReference, MovementType, SiteId, ItemId, LotId, FromBinId, ToBinId, Quantity,
             ReasonCode, ReceiptLineId, PickTaskId, CycleCountLineId, PostedByUserId)
        VALUES
            (@ClientReference, @MovementType, @SiteId, @ItemId, @LotId, @FromBinId, @ToBinId, @Quantity,
             @ReasonCode, @ReceiptLineId, @PickTaskId, @CycleCountLineId, @PostedByUserId);

        SET @StockMovementId = CAST(SCOPE_IDENTITY() AS bigint);

        IF @OwnsTransaction = 1 COMMIT TRANSACTION;
        RETURN 0;
    END TRY
    BEGIN CATCH
        IF @OwnsTransaction = 1 AND XACT_STATE() <> 0 ROLLBACK TRANSACTION;
        THROW;
    END CATCH;
END;
GO

/* A change of rights is always audited, whoever makes it. The API names the caller and
   the request with sp_set_session_context after it takes a connection from the pool. */
CREATE TRIGGER sec.TR_UserRole_Audit
ON sec.UserRole
AFTER INSERT, UPDATE, DELETE
AS
BEGIN
    SET NOCOUNT ON;

    INSERT INTO audit.AuditEvent (ActorUserId, ActionCode, EntityType, EntityKey, RequestId, Details)
    SELECT
        TRY_CAST(SESSION_CONTEXT(N'UserId') AS int),
        CASE WHEN d.UserId IS NULL THEN 'user_role.granted'
             WHEN i.UserId IS NULL THEN 'user_role.revoked'
             ELSE 'user_role.changed' END,
        'UserRole',
        CONCAT(COALESCE(i.UserId, d.UserId), '/', COALESCE(i.RoleId, d.RoleId)),
        TRY_CAST(SESSION_CONTEXT(N'RequestId') AS uniqueidentifier),
        (SELECT COALESCE(i.GrantedByUserId, d.GrantedByUserId) AS grantedByUserId,
                ORIGINAL_LOGIN() AS databaseLogin
         FOR JSON PATH, WITHOUT_ARRAY_WRAPPER)
    FROM inserted AS i
    FULL OUTER JOIN deleted AS d ON d.UserId = i.UserId AND d.RoleId = i.RoleId;
END;
GO

/* The application never deletes and cannot change rights; ledger and audit are append-only. */
GRANT SELECT, INSERT, UPDATE ON SCHEMA::wms TO WmsApplication;
GRANT SELECT ON SCHEMA::sec TO WmsApplication;
GRANT SELECT, INSERT ON SCHEMA::audit TO WmsApplication;
GRANT EXECUTE ON wms.PostStockMovement TO WmsApplication;
DENY INSERT, UPDATE ON wms.StockMovement TO WmsApplication; -- the procedure writes by ownership chaining
GO

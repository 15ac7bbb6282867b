"""Append-only tables, the ledger's projection, and what the application's role may do.

Two locks on history: the role serempak_app holds no UPDATE or DELETE, and a trigger refuses both to everybody, the
owner included. The balance of a place is kept by a trigger on the entries, so no code path can forget it. What code
decides about stock is decided again here, whatever the interleaving: a document moves what its lines say, nothing
expired is ordered, issued or used, and a warehouse never holds less of a lot than is reserved.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit_entry",
    "stock_document",
    "stock_document_line",
    "stock_entry",
    "check_in",
    "screening",
    "service_outcome",
)

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a row that points at the old one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""

# SECURITY DEFINER: the application's role may not write balances itself. search_path is fixed, as it must be then.
# After the update this transaction holds the balance's row, so the reservations it then reads cannot change any more.
POST_ENTRY = """
CREATE FUNCTION post_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    left_over bigint;
BEGIN
    UPDATE stock_balance SET quantity = quantity + NEW.quantity
     WHERE stock_place_id = NEW.stock_place_id AND stock_lot_id = NEW.stock_lot_id
    RETURNING quantity INTO left_over;
    IF NOT FOUND THEN
        INSERT INTO stock_balance (stock_place_id, stock_lot_id, is_real, quantity)
        SELECT p.stock_place_id, NEW.stock_lot_id, p.is_real, NEW.quantity
          FROM stock_place p WHERE p.stock_place_id = NEW.stock_place_id
        ON CONFLICT (stock_place_id, stock_lot_id)
        DO UPDATE SET quantity = stock_balance.quantity + EXCLUDED.quantity
        RETURNING quantity INTO left_over;
    END IF;
    IF NEW.quantity < 0 AND reserved_of(NEW.stock_place_id, NEW.stock_lot_id) > greatest(left_over, 0) THEN
        RAISE EXCEPTION 'lot % at place % is reserved', NEW.stock_lot_id, NEW.stock_place_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reserved_for_others';
    END IF;
    RETURN NULL;
END $$
"""

RESERVED_OF = """
CREATE FUNCTION reserved_of(place bigint, lot bigint) RETURNS bigint LANGUAGE sql VOLATILE
SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(quantity), 0)::bigint FROM reservation
     WHERE warehouse_id = place AND stock_lot_id = lot AND issue_id IS NULL AND released_at IS NULL
$$
"""

# Two who reserve the last of a lot meet at its balance's row; the second reads what the first has committed.
RESERVATION_FITS = """
CREATE FUNCTION reservation_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    held bigint;
BEGIN
    SELECT quantity INTO held FROM stock_balance
     WHERE stock_place_id = NEW.warehouse_id AND stock_lot_id = NEW.stock_lot_id FOR UPDATE;
    IF coalesce(held, 0) < reserved_of(NEW.warehouse_id, NEW.stock_lot_id) THEN
        RAISE EXCEPTION 'lot % at place % is not there', NEW.stock_lot_id, NEW.warehouse_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_fits';
    END IF;
    RETURN NULL;
END $$
"""

# Double entry, checked at commit: a document moves exactly what its lines say, out of one place and into the other;
# an order moves nothing. Of the entries only the newest of a document asks, so that a long document is added up once.
DOCUMENT_AGREES = """
CREATE FUNCTION document_agrees() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'stock_entry' AND EXISTS (
        SELECT 1 FROM stock_entry
         WHERE stock_document_id = NEW.stock_document_id AND stock_entry_id > (to_jsonb(NEW)->>'stock_entry_id')::bigint
    ) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT 1 FROM (
            SELECT stock_place_id AS place, stock_lot_id AS lot, quantity
              FROM stock_entry WHERE stock_document_id = NEW.stock_document_id
            UNION ALL
            SELECT side.place, l.stock_lot_id, side.sign * l.quantity
              FROM stock_document_line l
              JOIN stock_document d USING (stock_document_id)
              LEFT JOIN stock_document undone ON undone.stock_document_id = d.reverses_id
             CROSS JOIN LATERAL (VALUES (d.from_place_id, 1), (d.to_place_id, -1)) AS side (place, sign)
             WHERE d.stock_document_id = NEW.stock_document_id
               AND coalesce(undone.kind, d.kind) <> 'issue_order'
        ) AS both_sides
        GROUP BY place, lot HAVING sum(quantity) <> 0
    ) THEN
        RAISE EXCEPTION 'stock document % does not move what its lines say', NEW.stock_document_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'document_agrees';
    END IF;
    RETURN NULL;
END $$
"""

# An expired lot may come back, be counted or be written off; it may not go to a facility or into a person.
LINE_IS_USABLE = """
CREATE FUNCTION line_is_usable() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stock_document d, stock_lot l
                WHERE d.stock_document_id = NEW.stock_document_id AND l.stock_lot_id = NEW.stock_lot_id
                  AND d.kind IN ('issue_order', 'issue', 'use') AND l.expires_on < d.occurred_on) THEN
        RAISE EXCEPTION 'lot % has expired', NEW.stock_lot_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lot_expired';
    END IF;
    RETURN NEW;
END $$
"""

GUARDS = (
    "CREATE TRIGGER post AFTER INSERT ON stock_entry FOR EACH ROW EXECUTE FUNCTION post_entry()",
    "CREATE TRIGGER fits AFTER INSERT OR UPDATE ON reservation FOR EACH ROW WHEN (NEW.issue_id IS NULL AND NEW.released_at IS NULL) EXECUTE FUNCTION reservation_fits()",
    "CREATE TRIGGER usable BEFORE INSERT ON stock_document_line FOR EACH ROW EXECUTE FUNCTION line_is_usable()",
    *(
        f"CREATE CONSTRAINT TRIGGER agrees AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION document_agrees()"
        for table in ("stock_document", "stock_document_line", "stock_entry")
    ),
)


def upgrade() -> None:
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for statement in (RESERVED_OF, POST_ENTRY, RESERVATION_FITS, DOCUMENT_AGREES, LINE_IS_USABLE, *GUARDS):
        op.execute(statement)
    op.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'serempak_app')"
        " THEN CREATE ROLE serempak_app NOLOGIN; END IF; END $$"
    )
    op.execute("GRANT USAGE ON SCHEMA public TO serempak_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO serempak_app")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO serempak_app"
    )
    for table in APPEND_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON stock_balance FROM serempak_app")
    op.execute("GRANT UPDATE (is_real) ON stock_balance TO serempak_app")  # FOR UPDATE needs a right to one column
    op.execute("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM serempak_app")


def downgrade() -> None:
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM serempak_app")
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM serempak_app")
    op.execute("REVOKE USAGE ON SCHEMA public FROM serempak_app")
    for table in ("stock_document", "stock_document_line", "stock_entry"):
        op.execute(f"DROP TRIGGER agrees ON {table}")
    op.execute("DROP TRIGGER usable ON stock_document_line")
    op.execute("DROP TRIGGER fits ON reservation")
    op.execute("DROP TRIGGER post ON stock_entry")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER append_only ON {table}")
    for function in ("line_is_usable", "document_agrees", "reservation_fits", "post_entry", "refuse_change"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION reserved_of(bigint, bigint)")

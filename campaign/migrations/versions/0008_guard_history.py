"""Append-only tables, the ledger's projection, and what the application's role may do.

Two locks on history: the role serempak_app holds no UPDATE or DELETE, and a trigger refuses both to everybody, the
owner included. The balance of a place is kept by a trigger on the entries, so no code path can forget it.
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
POST_ENTRY = """
CREATE FUNCTION post_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE stock_balance SET quantity = quantity + NEW.quantity
     WHERE stock_place_id = NEW.stock_place_id AND stock_lot_id = NEW.stock_lot_id;
    IF NOT FOUND THEN
        INSERT INTO stock_balance (stock_place_id, stock_lot_id, is_real, quantity)
        SELECT p.stock_place_id, NEW.stock_lot_id, p.is_real, NEW.quantity
          FROM stock_place p WHERE p.stock_place_id = NEW.stock_place_id
        ON CONFLICT (stock_place_id, stock_lot_id)
        DO UPDATE SET quantity = stock_balance.quantity + EXCLUDED.quantity;
    END IF;
    RETURN NULL;
END $$
"""

# Double entry, checked once at commit: what a document takes from one place it puts into another, lot by lot.
DOCUMENT_BALANCES = """
CREATE FUNCTION document_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stock_entry WHERE stock_document_id = NEW.stock_document_id
                GROUP BY stock_lot_id HAVING sum(quantity) <> 0) THEN
        RAISE EXCEPTION 'stock document % does not balance', NEW.stock_document_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(POST_ENTRY)
    op.execute("CREATE TRIGGER post AFTER INSERT ON stock_entry FOR EACH ROW EXECUTE FUNCTION post_entry()")
    op.execute(DOCUMENT_BALANCES)
    op.execute(
        "CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON stock_entry DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION document_balances()"
    )
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
    op.execute("DROP TRIGGER balances ON stock_entry")
    op.execute("DROP TRIGGER post ON stock_entry")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER append_only ON {table}")
    for function in ("document_balances", "post_entry", "refuse_change"):
        op.execute(f"DROP FUNCTION {function}()")

"""Workers look at uploads, letters leave by e-mail, and the ledger adds a document up a fixed number of times.

document_agrees() of 0008 added the whole document up for each of its lines: three thousand lines, nine million rows
read. Now only the newest line of a transaction asks, and the newest entry. Which row is newest is read from what the
server itself keeps (xmin, the transaction, and cmin, the statement in it): no line can be slipped in under another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COMPARE = """
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
"""

BEFORE = """
CREATE OR REPLACE FUNCTION document_agrees() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'stock_entry' AND EXISTS (
        SELECT 1 FROM stock_entry
         WHERE stock_document_id = NEW.stock_document_id AND stock_entry_id > (to_jsonb(NEW)->>'stock_entry_id')::bigint
    ) THEN
        RETURN NULL;
    END IF;
    -- compare
END $$
"""

# The first question about a line is answered by the next position, which nearly always is there; the second, which
# reads the document's lines, is asked by the last position of each statement only.
ONCE = """
CREATE OR REPLACE FUNCTION document_agrees() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    own_transaction xid;
    own_statement bigint;
BEGIN
    IF TG_TABLE_NAME = 'stock_entry' THEN
        IF EXISTS (SELECT 1 FROM stock_entry WHERE stock_document_id = NEW.stock_document_id
                      AND stock_entry_id > NEW.stock_entry_id) THEN
            RETURN NULL;
        END IF;
    ELSIF TG_TABLE_NAME = 'stock_document_line' THEN
        SELECT xmin, cmin::text::bigint INTO own_transaction, own_statement FROM stock_document_line
         WHERE stock_document_id = NEW.stock_document_id AND position = NEW.position;
        IF EXISTS (SELECT 1 FROM stock_document_line WHERE stock_document_id = NEW.stock_document_id
                      AND position > NEW.position AND xmin = own_transaction
                      AND cmin::text::bigint >= own_statement)
           OR EXISTS (SELECT 1 FROM stock_document_line WHERE stock_document_id = NEW.stock_document_id
                      AND xmin = own_transaction AND cmin::text::bigint > own_statement) THEN
            RETURN NULL;
        END IF;
    END IF;
    -- compare
END $$
"""


def upgrade() -> None:
    op.execute(ONCE.replace("-- compare", COMPARE))
    op.create_index("ix_stock_entry_of_document", "stock_entry", ["stock_document_id", "stock_entry_id"])
    op.drop_index("ix_stock_entry_stock_document_id", table_name="stock_entry")
    op.alter_column("kelurahan_target", "method_code", type_=sa.String(length=24))  # as method.code, to which it points
    _extend_uploads()
    _create_letter_mail()


def _extend_uploads() -> None:
    op.add_column("upload", sa.Column("state", sa.String(length=32), nullable=False, server_default="ready"))
    op.add_column(
        "upload", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    )
    op.add_column("upload", sa.Column("asked_by_id", sa.BigInteger(), nullable=True))
    for name in ("attempt", "tries", "rows_done"):
        op.add_column("upload", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("upload", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("upload", sa.Column("rows_total", sa.Integer(), nullable=True))
    op.add_column("upload", sa.Column("failure", sa.String(length=60), nullable=True))
    op.execute("UPDATE upload SET state = 'applied' WHERE applied_at IS NOT NULL")
    op.execute("UPDATE upload SET asked_at = uploaded_at, asked_by_id = uploaded_by_id")
    for name in ("state", "asked_at", "attempt", "tries", "rows_done"):
        op.alter_column("upload", name, server_default=None)
    op.create_foreign_key("fk_upload_asked_by_id_account", "upload", "account", ["asked_by_id"], ["account_id"])
    for name, rule in (
        ("upload_state", "state IN ('waiting', 'previewing', 'ready', 'applying', 'applied', 'failed')"),
        ("applied_state", "(state = 'applied') = (applied_at IS NOT NULL)"),
        ("failed_why", "(state = 'failed') = (failure IS NOT NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_upload_{name}"), "upload", rule)
    is_open = sa.text("state IN ('waiting', 'previewing', 'applying')")
    op.create_index("ix_upload_open", "upload", ["asked_at"], postgresql_where=is_open)


def _create_letter_mail() -> None:
    states = ("waiting", "claimed", "sent", "rejected", "unknown")
    op.create_table(
        "letter_mail",
        sa.Column("letter_mail_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("letter_addressee_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=160), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*states, name="letter_mail_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(state = 'claimed') = (claimed_at IS NOT NULL)", name=op.f("ck_letter_mail_claimed_when")),
        sa.ForeignKeyConstraint(
            ["letter_addressee_id"],
            ["letter_addressee.letter_addressee_id"],
            name=op.f("fk_letter_mail_letter_addressee_id_letter_addressee"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.account_id"], name=op.f("fk_letter_mail_asked_by_id_account")
        ),
        sa.PrimaryKeyConstraint("letter_mail_id", name=op.f("pk_letter_mail")),
        sa.UniqueConstraint("letter_addressee_id", "number", name=op.f("uq_letter_mail_letter_addressee_id_number")),
    )
    is_open = sa.text("state IN ('waiting', 'claimed')")
    op.create_index("ix_letter_mail_open", "letter_mail", ["state"], postgresql_where=is_open)


def downgrade() -> None:
    op.drop_table("letter_mail")
    op.alter_column("kelurahan_target", "method_code", type_=sa.String(length=32))
    op.drop_index("ix_upload_open", table_name="upload")
    # What no worker has finished was never looked at: the older release knows no such uploads.
    op.execute("DELETE FROM upload WHERE state NOT IN ('ready', 'applied')")
    for name in ("upload_state", "applied_state", "failed_why"):
        op.drop_constraint(op.f(f"ck_upload_{name}"), "upload", type_="check")
    op.drop_constraint("fk_upload_asked_by_id_account", "upload", type_="foreignkey")
    for name in (
        "failure",
        "rows_total",
        "claimed_until",
        "rows_done",
        "tries",
        "attempt",
        "asked_by_id",
        "asked_at",
        "state",
    ):
        op.drop_column("upload", name)
    op.create_index("ix_stock_entry_stock_document_id", "stock_entry", ["stock_document_id"])
    op.drop_index("ix_stock_entry_of_document", table_name="stock_entry")
    op.execute(BEFORE.replace("-- compare", COMPARE))

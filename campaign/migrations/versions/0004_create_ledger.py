"""Places, lots, documents, entries, balances, reservations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_series",
        sa.Column("classification", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("classification", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "stock_lot",
        sa.Column("stock_lot_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("production_year", sa.Integer(), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column(
            "fund_source",
            sa.Enum("apbn", "apbd", "grant", name="fund_source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.CheckConstraint(
            "production_year IS NULL OR production_year <= extract(year from expires_on)",
            name=op.f("ck_stock_lot_years"),
        ),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_stock_lot_price_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name=op.f("fk_stock_lot_item_id_item")),
        sa.PrimaryKeyConstraint("stock_lot_id", name=op.f("pk_stock_lot")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_stock_lot_item_id_number")),
    )
    op.create_table(
        "stock_place",
        sa.Column("stock_place_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "warehouse",
                "facility",
                "supplier",
                "acceptors",
                "losses",
                name="place_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_real", sa.Boolean(), nullable=False),
        sa.Column("facility_id", sa.BigInteger(), nullable=True),
        sa.Column("area_code", sa.String(length=13), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'warehouse' OR area_code IS NOT NULL", name=op.f("ck_stock_place_warehouse_has_an_area")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_stock_place_area_code_area")),
        sa.CheckConstraint(
            "(kind = 'facility') = (facility_id IS NOT NULL)", name=op.f("ck_stock_place_facility_by_kind")
        ),
        sa.CheckConstraint("is_real = (kind IN ('warehouse', 'facility'))", name=op.f("ck_stock_place_real_by_kind")),
        sa.CheckConstraint(
            "kind <> 'warehouse' OR (lat IS NOT NULL AND lon IS NOT NULL)",
            name=op.f("ck_stock_place_warehouse_has_a_point"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.facility_id"], name=op.f("fk_stock_place_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("stock_place_id", name=op.f("pk_stock_place")),
        sa.UniqueConstraint("code", name=op.f("uq_stock_place_code")),
        sa.UniqueConstraint("facility_id", name=op.f("uq_stock_place_facility_id")),
        sa.UniqueConstraint("stock_place_id", "is_real", name=op.f("uq_stock_place_stock_place_id_is_real")),
    )
    op.create_index(
        "uq_stock_place_virtual", "stock_place", ["kind"], unique=True, postgresql_where=sa.text("NOT is_real")
    )
    # The virtual ends of the ledger: one of each, from the first day.
    op.execute(
        "INSERT INTO stock_place (code, name, kind, is_real) VALUES ('SUPPLIER', 'Pemasok', 'supplier', false),"
        " ('ACCEPTORS', 'Akseptor', 'acceptors', false), ('LOSSES', 'Rusak, hilang, kedaluwarsa', 'losses', false)"
    )
    op.create_table(
        "stock_verification",
        sa.Column("stock_verification_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("balances", sa.BigInteger(), nullable=False),
        sa.Column("differences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("entries >= 0 AND balances >= 0", name=op.f("ck_stock_verification_counts_not_negative")),
        sa.PrimaryKeyConstraint("stock_verification_id", name=op.f("pk_stock_verification")),
    )
    op.create_table(
        "stock_balance",
        sa.Column("stock_place_id", sa.BigInteger(), nullable=False),
        sa.Column("stock_lot_id", sa.BigInteger(), nullable=False),
        sa.Column("is_real", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("NOT is_real OR quantity >= 0", name=op.f("ck_stock_balance_real_place_not_negative")),
        sa.ForeignKeyConstraint(
            ["stock_lot_id"], ["stock_lot.stock_lot_id"], name=op.f("fk_stock_balance_stock_lot_id_stock_lot")
        ),
        sa.ForeignKeyConstraint(
            ["stock_place_id", "is_real"], ["stock_place.stock_place_id", "stock_place.is_real"], name="place"
        ),
        sa.PrimaryKeyConstraint("stock_place_id", "stock_lot_id", name=op.f("pk_stock_balance")),
    )
    op.create_table(
        "stock_document",
        sa.Column("stock_document_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "receipt",
                "issue_order",
                "issue",
                "use",
                "return",
                "count",
                "write_off",
                "reversal",
                name="document_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("from_place_id", sa.BigInteger(), nullable=False),
        sa.Column("to_place_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("ordered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_stock_document_reversal_points")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_stock_document_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_stock_document_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["from_place_id"], ["stock_place.stock_place_id"], name=op.f("fk_stock_document_from_place_id_stock_place")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"],
            ["stock_document.stock_document_id"],
            name=op.f("fk_stock_document_ordered_by_id_stock_document"),
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["stock_document.stock_document_id"],
            name=op.f("fk_stock_document_reverses_id_stock_document"),
        ),
        sa.ForeignKeyConstraint(
            ["to_place_id"], ["stock_place.stock_place_id"], name=op.f("fk_stock_document_to_place_id_stock_place")
        ),
        sa.PrimaryKeyConstraint("stock_document_id", name=op.f("pk_stock_document")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_stock_document_idempotency_key")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_stock_document_kind_number")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_stock_document_reverses_id")),
    )
    op.create_index(op.f("ix_stock_document_campaign_id"), "stock_document", ["campaign_id"], unique=False)
    op.create_index("ix_stock_document_occurred", "stock_document", ["occurred_on", "stock_document_id"], unique=False)
    op.create_table(
        "stock_floor",
        sa.Column("stock_place_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_floor_quantity_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name=op.f("fk_stock_floor_item_id_item")),
        sa.ForeignKeyConstraint(
            ["stock_place_id"], ["stock_place.stock_place_id"], name=op.f("fk_stock_floor_stock_place_id_stock_place")
        ),
        sa.PrimaryKeyConstraint("stock_place_id", "item_id", name=op.f("pk_stock_floor")),
    )
    op.create_table(
        "reservation",
        sa.Column("reservation_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plan_run_id", sa.BigInteger(), nullable=True),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("facility_place_id", sa.BigInteger(), nullable=False),
        sa.Column("stock_lot_id", sa.BigInteger(), nullable=False),
        sa.Column("deliver_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(released_at IS NULL) OR (issue_id IS NULL)", name=op.f("ck_reservation_issued_or_released")
        ),
        sa.CheckConstraint(
            "(plan_run_id IS NULL) = (campaign_id IS NULL)", name=op.f("ck_reservation_plan_with_its_campaign")
        ),
        sa.CheckConstraint(
            "plan_run_id IS NOT NULL OR order_id IS NOT NULL", name=op.f("ck_reservation_for_a_plan_or_an_order")
        ),
        sa.CheckConstraint(
            "issue_id IS NULL OR order_id IS NOT NULL", name=op.f("ck_reservation_ordered_before_issued")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_reservation_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["facility_place_id"],
            ["stock_place.stock_place_id"],
            name=op.f("fk_reservation_facility_place_id_stock_place"),
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["stock_document.stock_document_id"], name=op.f("fk_reservation_issue_id_stock_document")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["stock_document.stock_document_id"], name=op.f("fk_reservation_order_id_stock_document")
        ),
        sa.ForeignKeyConstraint(
            ["plan_run_id"], ["plan_run.plan_run_id"], name=op.f("fk_reservation_plan_run_id_plan_run")
        ),
        sa.ForeignKeyConstraint(
            ["stock_lot_id"], ["stock_lot.stock_lot_id"], name=op.f("fk_reservation_stock_lot_id_stock_lot")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["stock_place.stock_place_id"], name=op.f("fk_reservation_warehouse_id_stock_place")
        ),
        sa.PrimaryKeyConstraint("reservation_id", name=op.f("pk_reservation")),
        sa.UniqueConstraint(
            "plan_run_id",
            "warehouse_id",
            "facility_place_id",
            "stock_lot_id",
            "deliver_on",
            name=op.f("uq_reservation_plan_run_id_warehouse_id_facility_place_id_stock_lot_id_deliver_on"),
        ),
    )
    op.create_index(op.f("ix_reservation_campaign_id"), "reservation", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_reservation_plan_run_id"), "reservation", ["plan_run_id"], unique=False)
    op.create_index(op.f("ix_reservation_order_id"), "reservation", ["order_id"], unique=False)
    op.create_index(op.f("ix_reservation_issue_id"), "reservation", ["issue_id"], unique=False)
    op.create_index(
        "ix_reservation_held",
        "reservation",
        ["warehouse_id", "stock_lot_id"],
        unique=False,
        postgresql_where=sa.text("issue_id IS NULL AND released_at IS NULL"),
    )
    op.create_index(op.f("ix_reservation_stock_lot_id"), "reservation", ["stock_lot_id"], unique=False)
    op.create_table(
        "stock_document_line",
        sa.Column("stock_document_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stock_lot_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_document_line_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["stock_document_id"],
            ["stock_document.stock_document_id"],
            name=op.f("fk_stock_document_line_stock_document_id_stock_document"),
        ),
        sa.ForeignKeyConstraint(
            ["stock_lot_id"], ["stock_lot.stock_lot_id"], name=op.f("fk_stock_document_line_stock_lot_id_stock_lot")
        ),
        sa.PrimaryKeyConstraint("stock_document_id", "position", name=op.f("pk_stock_document_line")),
    )
    op.create_table(
        "stock_entry",
        sa.Column("stock_entry_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("stock_document_id", sa.BigInteger(), nullable=False),
        sa.Column("stock_place_id", sa.BigInteger(), nullable=False),
        sa.Column("stock_lot_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_entry_moves_something")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["stock_entry.stock_entry_id"], name=op.f("fk_stock_entry_reverses_id_stock_entry")
        ),
        sa.ForeignKeyConstraint(
            ["stock_document_id"],
            ["stock_document.stock_document_id"],
            name=op.f("fk_stock_entry_stock_document_id_stock_document"),
        ),
        sa.ForeignKeyConstraint(
            ["stock_lot_id"], ["stock_lot.stock_lot_id"], name=op.f("fk_stock_entry_stock_lot_id_stock_lot")
        ),
        sa.ForeignKeyConstraint(
            ["stock_place_id"], ["stock_place.stock_place_id"], name=op.f("fk_stock_entry_stock_place_id_stock_place")
        ),
        sa.PrimaryKeyConstraint("stock_entry_id", name=op.f("pk_stock_entry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_stock_entry_reverses_id")),
    )
    op.create_index(
        "ix_stock_entry_card", "stock_entry", ["stock_place_id", "stock_lot_id", "stock_entry_id"], unique=False
    )
    op.create_index(op.f("ix_stock_entry_stock_document_id"), "stock_entry", ["stock_document_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_stock_entry_stock_document_id"), table_name="stock_entry")
    op.drop_index("ix_stock_entry_card", table_name="stock_entry")
    op.drop_table("stock_entry")
    op.drop_table("stock_document_line")
    op.drop_table("stock_verification")
    op.drop_index("ix_reservation_held", table_name="reservation")
    op.drop_index(op.f("ix_reservation_issue_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_order_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_stock_lot_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_plan_run_id"), table_name="reservation")
    op.drop_index(op.f("ix_reservation_campaign_id"), table_name="reservation")
    op.drop_table("reservation")
    op.drop_table("stock_floor")
    op.drop_index("ix_stock_document_occurred", table_name="stock_document")
    op.drop_index(op.f("ix_stock_document_campaign_id"), table_name="stock_document")
    op.drop_table("stock_document")
    op.drop_table("stock_balance")
    op.drop_index("uq_stock_place_virtual", table_name="stock_place")
    op.drop_table("stock_place")
    op.drop_table("stock_lot")
    op.drop_table("number_series")

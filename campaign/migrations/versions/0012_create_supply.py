"""What the warehouse is judged by: levels, lead days, the campaign's kit; delivery notes; numbers set aside; papers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PAPERS_BEFORE = ("spmb", "sbbk", "campaign_report", "attendance_list")
PAPERS = (*PAPERS_BEFORE, "sbbm", "bast", "spb", "write_off", "transfer", "return_note", "count_note")

# Defaults of the application, to be edited by the office: name, unit, quantity, for how many, of what.
KIT = (
    ("Kartu status peserta KB (K/IV/KB)", "lembar", 1, 1, "candidate"),
    ("Formulir persetujuan tindakan (informed consent)", "lembar", 1, 1, "candidate"),
    ("Kartu peserta KB (K/I/KB)", "lembar", 1, 1, "acceptor"),
    ("Daftar hadir", "lembar", 1, 20, "candidate"),
    ("Kapas alkohol", "lembar", 2, 1, "acceptor"),
    ("Kotak limbah tajam (safety box)", "buah", 1, 1, "session"),
    ("Alat tulis kantor", "paket", 1, 1, "session"),
    ("Spanduk", "lembar", 1, 1, "facility"),
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _allow_papers(PAPERS)
    op.create_table(
        "reserved_number",
        sa.Column("reserved_number_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("classification", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_reserved_number_number_positive")),
        sa.PrimaryKeyConstraint("reserved_number_id", name=op.f("pk_reserved_number")),
        sa.UniqueConstraint(
            "classification", "year", "number", name=op.f("uq_reserved_number_classification_year_number")
        ),
    )
    op.create_index(op.f("ix_reserved_number_idempotency_key"), "reserved_number", ["idempotency_key"], unique=False)
    op.create_table(
        "stock_norm",
        sa.Column("stock_norm_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("level", _choice("stock_level", "warehouse", "facility"), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("min_months", sa.Numeric(precision=4, scale=1), nullable=False),
        sa.Column("max_months", sa.Numeric(precision=4, scale=1), nullable=False),
        sa.CheckConstraint(
            "0 <= min_months AND min_months < max_months AND max_months <= 60", name=op.f("ck_stock_norm_min_below_max")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name=op.f("fk_stock_norm_item_id_item")),
        sa.PrimaryKeyConstraint("stock_norm_id", name=op.f("pk_stock_norm")),
        sa.UniqueConstraint(
            "level", "item_id", name=op.f("uq_stock_norm_level_item_id"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "supply_setting",
        sa.Column("supply_setting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("consumption_months", sa.Integer(), nullable=False),
        sa.Column("expiring_months", sa.Integer(), nullable=False),
        sa.Column("procurement_days", sa.Integer(), nullable=False),
        sa.Column("buffer_percent", sa.Integer(), nullable=False),
        sa.Column("receipt_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("supply_setting_id = 1", name=op.f("ck_supply_setting_only_one")),
        sa.CheckConstraint(
            "consumption_months BETWEEN 1 AND 24 AND expiring_months BETWEEN 1 AND 36"
            " AND procurement_days BETWEEN 0 AND 730 AND buffer_percent BETWEEN 0 AND 100"
            " AND receipt_days BETWEEN 0 AND 90",
            name=op.f("ck_supply_setting_within_reason"),
        ),
        sa.PrimaryKeyConstraint("supply_setting_id", name=op.f("pk_supply_setting")),
    )
    _create_kit()
    _create_delivery_note()
    _create_barcode()


def _create_kit() -> None:
    kit = op.create_table(
        "kit_line",
        sa.Column("kit_line_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column(
            "basis",
            _choice("kit_basis", "candidate", "acceptor", "session", "facility", "campaign"),
            nullable=False,
        ),
        sa.Column("method_code", sa.String(length=24), nullable=True),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 10000 AND per BETWEEN 1 AND 10000", name=op.f("ck_kit_line_rate_positive")
        ),
        sa.CheckConstraint(
            "method_code IS NULL OR basis IN ('candidate', 'acceptor')", name=op.f("ck_kit_line_method_of_people")
        ),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_kit_line_method_code_method")),
        sa.PrimaryKeyConstraint("kit_line_id", name=op.f("pk_kit_line")),
        sa.UniqueConstraint("name", name=op.f("uq_kit_line_name")),
    )
    op.bulk_insert(
        kit,
        [
            {"name": name, "unit": unit, "quantity": quantity, "per": per, "basis": basis, "method_code": None}
            for name, unit, quantity, per, basis in KIT
        ],
    )


def _create_delivery_note() -> None:
    op.create_table(
        "delivery_note",
        sa.Column("stock_document_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(content) BETWEEN 1 AND 5000000", name=op.f("ck_delivery_note_content_size")),
        sa.ForeignKeyConstraint(
            ["stock_document_id"],
            ["stock_document.stock_document_id"],
            name=op.f("fk_delivery_note_stock_document_id_stock_document"),
        ),
        sa.PrimaryKeyConstraint("stock_document_id", name=op.f("pk_delivery_note")),
    )
    op.create_table(
        "received_condition",
        sa.Column("stock_document_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("condition", _choice("received_state", "good", "doubtful", "damaged"), nullable=False),
        sa.ForeignKeyConstraint(
            ["stock_document_id", "position"],
            ["stock_document_line.stock_document_id", "stock_document_line.position"],
            name=op.f("received_line"),
        ),
        sa.PrimaryKeyConstraint("stock_document_id", "position", name=op.f("pk_received_condition")),
    )
    for table in ("delivery_note", "received_condition"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")


def _create_barcode() -> None:
    op.create_table(
        "item_barcode",
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("gtin ~ '^[0-9]{14}$'", name=op.f("ck_item_barcode_gtin_form")),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name=op.f("fk_item_barcode_item_id_item")),
        sa.PrimaryKeyConstraint("gtin", name=op.f("pk_item_barcode")),
    )


def _allow_papers(kinds: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint(op.f("ck_paper_paper_kind"), "paper", type_="check")
    op.create_check_constraint(op.f("ck_paper_paper_kind"), "paper", f"kind IN ({allowed})")


def downgrade() -> None:
    for table in (
        "item_barcode",
        "received_condition",
        "delivery_note",
        "kit_line",
        "supply_setting",
        "stock_norm",
        "reserved_number",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM paper WHERE kind NOT IN ('spmb', 'sbbk', 'campaign_report', 'attendance_list')")
    _allow_papers(PAPERS_BEFORE)

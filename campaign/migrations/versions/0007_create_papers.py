"""Printed papers and uploaded workbooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("paper_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "spmb",
                "sbbk",
                "campaign_report",
                "attendance_list",
                name="paper_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "format",
            sa.Enum("pdf", "xlsx", name="paper_format", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "ready", "failed", name="paper_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name=op.f("ck_paper_ready_has_content")),
        sa.CheckConstraint("(content IS NULL) = (sha256 IS NULL)", name=op.f("ck_paper_content_with_its_hash")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_paper_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper")),
        sa.UniqueConstraint(
            "kind", "format", "subject_id", "version", name=op.f("uq_paper_kind_format_subject_id_version")
        ),
    )
    op.create_index(op.f("ix_paper_campaign_id"), "paper", ["campaign_id"], unique=False)
    op.create_index("ix_paper_waiting", "paper", ["state", "asked_at"], unique=False)
    op.create_table(
        "upload",
        sa.Column("upload_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "areas",
                "facilities",
                "items_methods",
                "providers",
                "stock",
                "candidates",
                name="workbook_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("preview", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "applied_by_id IS NULL OR applied_at IS NOT NULL", name=op.f("ck_upload_applied_who_and_when")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by_id"], ["account.account_id"], name=op.f("fk_upload_applied_by_id_account")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_upload_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.account_id"], name=op.f("fk_upload_uploaded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_sha256"), "upload", ["sha256"], unique=False)
    op.create_table(
        "office",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("government", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("town", sa.String(length=60), nullable=False),
        sa.Column("unit_code", sa.String(length=20), nullable=False),
        sa.CheckConstraint("office_id = 1", name=op.f("ck_office_only_one")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_office")),
    )
    op.create_table(
        "signatory",
        sa.Column(
            "role",
            sa.Enum("head", "storekeeper", name="signatory_role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("position", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.String(length=60), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_signatory")),
    )


def downgrade() -> None:
    op.drop_table("signatory")
    op.drop_table("office")
    op.drop_index(op.f("ix_upload_sha256"), table_name="upload")
    op.drop_table("upload")
    op.drop_index("ix_paper_waiting", table_name="paper")
    op.drop_index(op.f("ix_paper_campaign_id"), table_name="paper")
    op.drop_table("paper")

"""Check-ins, screenings, outcomes, tallies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally_run",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("tallied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows_seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_tally_run_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_tally_run")),
    )
    op.create_table(
        "tally_mark",
        sa.Column("tally_mark_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_tally_mark_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("tally_mark_id", name=op.f("pk_tally_mark")),
    )
    op.create_index(op.f("ix_tally_mark_campaign_id"), "tally_mark", ["campaign_id"], unique=False)
    op.create_table(
        "check_in",
        sa.Column("check_in_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "accepted",
                "repeat",
                "refused",
                name="check_in_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(answer = 'refused') = (code IS NOT NULL)", name=op.f("ck_check_in_refusal_has_a_code")),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_check_in_account_id_account")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_check_in_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_check_in_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("check_in_id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_check_in_scan_id")),
    )
    op.create_index(op.f("ix_check_in_candidate_id"), "check_in", ["candidate_id"], unique=False)
    op.create_index(
        "uq_check_in_once",
        "check_in",
        ["service_session_id", "candidate_id"],
        unique=True,
        postgresql_where=sa.text("answer = 'accepted'"),
    )
    op.create_table(
        "screening",
        sa.Column("screening_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("record_key", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("is_eligible", sa.Boolean(), nullable=False),
        sa.Column("finding", sa.String(length=40), nullable=True),
        sa.Column("allowed_methods", postgresql.ARRAY(sa.String(length=24)), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("is_eligible = (finding IS NULL)", name=op.f("ck_screening_finding_when_not_eligible")),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_screening_account_id_account")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_screening_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_screening_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("screening_id", name=op.f("pk_screening")),
        sa.UniqueConstraint("record_key", name=op.f("uq_screening_record_key")),
    )
    op.create_index(op.f("ix_screening_candidate_id"), "screening", ["candidate_id"], unique=False)
    op.create_index("ix_screening_visit", "screening", ["service_session_id", "candidate_id"], unique=False)
    op.create_table(
        "service_outcome",
        sa.Column("service_outcome_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("record_key", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "served",
                "deferred",
                "refused",
                "referred",
                "withdrew",
                name="outcome_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("consent_number", sa.String(length=40), nullable=True),
        sa.Column("has_spouse_consent", sa.Boolean(), nullable=False),
        sa.Column("stock_document_id", sa.BigInteger(), nullable=True),
        sa.Column("uses_nothing", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'served') = (provider_id IS NOT NULL)", name=op.f("ck_service_outcome_served_has_a_provider")
        ),
        sa.CheckConstraint(
            "(kind = 'served') = (stock_document_id IS NOT NULL OR uses_nothing)",
            name=op.f("ck_service_outcome_served_uses_stock"),
        ),
        sa.CheckConstraint(
            "kind <> 'served' OR consent_number IS NOT NULL", name=op.f("ck_service_outcome_served_has_consent")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('deferred', 'refused', 'referred') OR reason IS NOT NULL",
            name=op.f("ck_service_outcome_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_service_outcome_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_service_outcome_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_service_outcome_method_code_method")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.provider_id"], name=op.f("fk_service_outcome_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["service_outcome.service_outcome_id"],
            name=op.f("fk_service_outcome_replaces_id_service_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_service_outcome_service_session_id_service_session"),
        ),
        sa.ForeignKeyConstraint(
            ["stock_document_id"],
            ["stock_document.stock_document_id"],
            name=op.f("fk_service_outcome_stock_document_id_stock_document"),
        ),
        sa.PrimaryKeyConstraint("service_outcome_id", name=op.f("pk_service_outcome")),
        sa.UniqueConstraint("record_key", name=op.f("uq_service_outcome_record_key")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_service_outcome_replaces_id")),
        sa.UniqueConstraint("stock_document_id", name=op.f("uq_service_outcome_stock_document_id")),
    )
    op.create_index(op.f("ix_service_outcome_candidate_id"), "service_outcome", ["candidate_id"], unique=False)
    op.create_index(
        op.f("ix_service_outcome_service_session_id"), "service_outcome", ["service_session_id"], unique=False
    )
    op.create_index(
        "uq_service_outcome_first",
        "service_outcome",
        ["service_session_id", "candidate_id"],
        unique=True,
        postgresql_where=sa.text("replaces_id IS NULL"),
    )
    op.create_table(
        "tally",
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("walk_ins", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("served_poor", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=False),
        sa.Column("withdrew", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "invited >= 0 AND came >= 0 AND walk_ins >= 0 AND walk_ins <= came", name=op.f("ck_tally_counts")
        ),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["area.code"], name=op.f("fk_tally_kecamatan_code_area")),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_tally_method_code_method")),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_tally_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("service_session_id", "kecamatan_code", "method_code", name=op.f("pk_tally")),
    )


def downgrade() -> None:
    op.drop_table("tally")
    op.drop_index(
        "uq_service_outcome_first", table_name="service_outcome", postgresql_where=sa.text("replaces_id IS NULL")
    )
    op.drop_index(op.f("ix_service_outcome_service_session_id"), table_name="service_outcome")
    op.drop_index(op.f("ix_service_outcome_candidate_id"), table_name="service_outcome")
    op.drop_table("service_outcome")
    op.drop_index("ix_screening_visit", table_name="screening")
    op.drop_index(op.f("ix_screening_candidate_id"), table_name="screening")
    op.drop_table("screening")
    op.drop_index("uq_check_in_once", table_name="check_in", postgresql_where=sa.text("answer = 'accepted'"))
    op.drop_index(op.f("ix_check_in_candidate_id"), table_name="check_in")
    op.drop_table("check_in")
    op.drop_index(op.f("ix_tally_mark_campaign_id"), table_name="tally_mark")
    op.drop_table("tally_mark")
    op.drop_table("tally_run")

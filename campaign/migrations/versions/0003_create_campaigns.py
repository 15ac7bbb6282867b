"""Campaigns with dates, facilities and targets; plan runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("campaign_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("district_code", sa.String(length=13), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "closed",
                "cancelled",
                name="campaign_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("max_travel_km", sa.Double(), nullable=False),
        sa.Column("min_session", sa.Integer(), nullable=False),
        sa.Column("cross_kecamatan", sa.Boolean(), nullable=False),
        sa.Column("max_sessions_per_day", sa.Integer(), nullable=True),
        sa.Column("max_dates_per_kecamatan", sa.Integer(), nullable=True),
        sa.Column("trips_per_day", sa.Integer(), nullable=False),
        sa.Column("trip_cost", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_campaign_has_a_name")),
        sa.CheckConstraint("max_travel_km > 0 AND min_session >= 1", name=op.f("ck_campaign_rules_positive")),
        sa.CheckConstraint("trips_per_day >= 0 AND trip_cost >= 0", name=op.f("ck_campaign_trips_not_negative")),
        sa.CheckConstraint(
            "max_sessions_per_day >= 1 AND max_dates_per_kecamatan >= 1", name=op.f("ck_campaign_limits_positive")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.account_id"], name=op.f("fk_campaign_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(["district_code"], ["area.code"], name=op.f("fk_campaign_district_code_area")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_campaign_idempotency_key")),
    )
    op.create_table(
        "campaign_date",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_campaign_date_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "held_on", name=op.f("pk_campaign_date")),
    )
    op.create_table(
        "campaign_facility",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_campaign_facility_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.facility_id"], name=op.f("fk_campaign_facility_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "facility_id", name=op.f("pk_campaign_facility")),
    )
    op.create_table(
        "campaign_target",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("acceptors", sa.Integer(), nullable=False),
        sa.CheckConstraint("acceptors >= 0", name=op.f("ck_campaign_target_acceptors_not_negative")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_campaign_target_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["area.code"], name=op.f("fk_campaign_target_kecamatan_code_area")),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_campaign_target_method_code_method")),
        sa.PrimaryKeyConstraint("campaign_id", "kecamatan_code", "method_code", name=op.f("pk_campaign_target")),
    )
    op.create_table(
        "plan_run",
        sa.Column("plan_run_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "solving",
                "solved",
                "failed",
                "approved",
                name="plan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("plan", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("ending", sa.String(length=32), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_priority", sa.Integer(), nullable=True),
        sa.Column("served", sa.Integer(), nullable=True),
        sa.Column("min_coverage", sa.Float(), nullable=True),
        sa.Column("cost", sa.Float(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_at IS NOT NULL)", name=op.f("ck_plan_run_approved_by_state")
        ),
        sa.CheckConstraint(
            "(state = 'solving') = (claimed_until IS NOT NULL)", name=op.f("ck_plan_run_claim_while_solving")
        ),
        sa.CheckConstraint(
            "state NOT IN ('solved', 'approved') OR plan IS NOT NULL", name=op.f("ck_plan_run_solved_has_a_plan")
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_plan_run_approved_who_and_when")
        ),
        sa.CheckConstraint("seconds BETWEEN 1 AND 900 AND workers BETWEEN 1 AND 16", name=op.f("ck_plan_run_limits")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.account_id"], name=op.f("fk_plan_run_approved_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_plan_run_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["account.account_id"], name=op.f("fk_plan_run_requested_by_id_account")
        ),
        sa.PrimaryKeyConstraint("plan_run_id", name=op.f("pk_plan_run")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_plan_run_idempotency_key")),
    )
    op.create_index(op.f("ix_plan_run_campaign_id"), "plan_run", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_plan_run_state"), "plan_run", ["state"], unique=False)
    op.create_index(
        "uq_plan_run_approved", "plan_run", ["campaign_id"], unique=True, postgresql_where=sa.text("state = 'approved'")
    )


def downgrade() -> None:
    op.drop_index("uq_plan_run_approved", table_name="plan_run", postgresql_where=sa.text("state = 'approved'"))
    op.drop_index(op.f("ix_plan_run_state"), table_name="plan_run")
    op.drop_index(op.f("ix_plan_run_campaign_id"), table_name="plan_run")
    op.drop_table("plan_run")
    op.drop_table("campaign_target")
    op.drop_table("campaign_facility")
    op.drop_table("campaign_date")
    op.drop_table("campaign")

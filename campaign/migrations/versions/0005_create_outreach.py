"""Sessions, candidates, appointments, invitations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("candidate_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column(
            "source",
            sa.Enum("list", "walk_in", name="candidate_source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "listed",
                "accepted",
                "withdrawn",
                name="candidate_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kelurahan_code", sa.String(length=13), nullable=False),
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("spouse_name", sa.String(length=120), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("nik", sa.String(length=255), nullable=True),
        sa.Column("nik_print", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.String(length=255), nullable=True),
        sa.Column("phone_print", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=512), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("email", "message", "cadre", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("may_be_messaged", sa.Boolean(), nullable=False),
        sa.Column("is_poor", sa.Boolean(), nullable=False),
        sa.Column("poor_source", sa.String(length=40), nullable=True),
        sa.Column("free_dates", postgresql.ARRAY(sa.Date()), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("youngest_child_months", sa.Integer(), nullable=True),
        sa.Column("current_method", sa.String(length=40), nullable=True),
        sa.Column("insurance", sa.String(length=24), nullable=True),
        sa.Column("brought_by", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(nik IS NULL) = (nik_print IS NULL)", name=op.f("ck_candidate_nik_with_its_print")),
        sa.CheckConstraint("(phone IS NULL) = (phone_print IS NULL)", name=op.f("ck_candidate_phone_with_its_print")),
        sa.CheckConstraint("(poor_source IS NOT NULL) = is_poor", name=op.f("ck_candidate_poor_has_a_source")),
        sa.CheckConstraint(
            "children >= 0 AND youngest_child_months >= 0", name=op.f("ck_candidate_children_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_candidate_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["kelurahan_code"], ["area.code"], name=op.f("fk_candidate_kelurahan_code_area")),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_candidate_method_code_method")),
        sa.PrimaryKeyConstraint("candidate_id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("campaign_id", "list_key", name=op.f("uq_candidate_campaign_id_list_key")),
        sa.UniqueConstraint("campaign_id", "nik_print", name=op.f("uq_candidate_campaign_id_nik_print")),
    )
    op.create_index(
        "ix_candidate_group", "candidate", ["campaign_id", "kelurahan_code", "method_code", "is_poor"], unique=False
    )
    op.create_index(op.f("ix_candidate_phone_print"), "candidate", ["phone_print"], unique=False)
    op.create_table(
        "service_session",
        sa.Column("service_session_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_run_id", sa.BigInteger(), nullable=False),
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_service_session_opens_before_it_closes")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_service_session_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.facility_id"], name=op.f("fk_service_session_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["plan_run_id"], ["plan_run.plan_run_id"], name=op.f("fk_service_session_plan_run_id_plan_run")
        ),
        sa.PrimaryKeyConstraint("service_session_id", name=op.f("pk_service_session")),
        sa.UniqueConstraint(
            "campaign_id", "facility_id", "held_on", name=op.f("uq_service_session_campaign_id_facility_id_held_on")
        ),
    )
    op.create_index(op.f("ix_service_session_campaign_id"), "service_session", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_service_session_facility_id"), "service_session", ["facility_id"], unique=False)
    op.create_index(op.f("ix_service_session_held_on"), "service_session", ["held_on"], unique=False)
    op.create_index(op.f("ix_service_session_plan_run_id"), "service_session", ["plan_run_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("appointment_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plan_run_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_appointment_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["plan_run_id"], ["plan_run.plan_run_id"], name=op.f("fk_appointment_plan_run_id_plan_run")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.provider_id"], name=op.f("fk_appointment_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_appointment_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("plan_run_id", "candidate_id", name=op.f("uq_appointment_plan_run_id_candidate_id")),
    )
    op.create_index(op.f("ix_appointment_candidate_id"), "appointment", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_appointment_service_session_id"), "appointment", ["service_session_id"], unique=False)
    op.create_table(
        "session_provider",
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.provider_id"], name=op.f("fk_session_provider_provider_id_provider")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_session_provider_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("service_session_id", "provider_id", name=op.f("pk_session_provider")),
    )
    op.create_table(
        "invitation",
        sa.Column("invitation_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invitation", name="invitation_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum("email", "message", "cadre", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "sent",
                "rejected",
                "unknown",
                name="invitation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'sending') = (claimed_until IS NOT NULL)", name=op.f("ck_invitation_claim_while_sending")
        ),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_until IS NULL)", name=op.f("ck_invitation_claimed_by_whom")
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_invitation_sent_has_a_time")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.appointment_id"], name=op.f("fk_invitation_appointment_id_appointment")
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("appointment_id", "kind", name=op.f("uq_invitation_appointment_id_kind")),
    )
    op.create_index("ix_invitation_due", "invitation", ["state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_invitation_due", table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("session_provider")
    op.drop_index(op.f("ix_appointment_service_session_id"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_candidate_id"), table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(op.f("ix_service_session_plan_run_id"), table_name="service_session")
    op.drop_index(op.f("ix_service_session_held_on"), table_name="service_session")
    op.drop_index(op.f("ix_service_session_facility_id"), table_name="service_session")
    op.drop_index(op.f("ix_service_session_campaign_id"), table_name="service_session")
    op.drop_table("service_session")
    op.drop_index(op.f("ix_candidate_phone_print"), table_name="candidate")
    op.drop_index("ix_candidate_group", table_name="candidate")
    op.drop_table("candidate")

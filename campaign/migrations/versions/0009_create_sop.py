"""SOP templates in versions, the checklists that campaigns make of them, and ticks that nobody can change.

A published version is locked twice, as history is: by the use-cases, and by a trigger that refuses any change of its
parties, steps, waits and duties to everybody.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APPEND_ONLY = ("sop_step_event", "sop_step_file")
FIXED = ("sop_party", "sop_step", "sop_wait", "sop_duty")

REFUSE_FIXED = """
CREATE FUNCTION refuse_published_sop() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.sop_template_id ELSE NEW.sop_template_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM sop_template WHERE sop_template_id = changed AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'version % of an SOP is published: copy it to a new version', changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""

REFUSE_UNPUBLISH = """
CREATE FUNCTION refuse_unpublished_sop() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'version % of an SOP is published: copy it to a new version', OLD.sop_template_id
        USING ERRCODE = 'restrict_violation';
END $$
"""


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _create_templates()
    _create_checklists()
    op.execute(REFUSE_FIXED)
    op.execute(REFUSE_UNPUBLISH)
    for table in FIXED:
        op.execute(
            f"CREATE TRIGGER published BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_published_sop()"
        )
    op.execute(
        "CREATE TRIGGER published BEFORE UPDATE OR DELETE ON sop_template"
        " FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_unpublished_sop()"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")


def _create_templates() -> None:
    op.create_table(
        "sop_template",
        sa.Column("sop_template_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("district_code", sa.String(length=5), nullable=True),
        sa.Column("source", sa.String(length=240), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_sop_template_version_from_one")),
        sa.CheckConstraint(
            "published_at IS NOT NULL OR published_by_id IS NULL", name=op.f("ck_sop_template_published_who_and_when")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.account_id"], name=op.f("fk_sop_template_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["account.account_id"], name=op.f("fk_sop_template_published_by_id_account")
        ),
        sa.PrimaryKeyConstraint("sop_template_id", name=op.f("pk_sop_template")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_sop_template_code_version")),
        sa.UniqueConstraint("sop_template_id", "code", name=op.f("uq_sop_template_sop_template_id_code")),
    )
    op.create_index(
        "uq_sop_template_draft", "sop_template", ["code"], unique=True, postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_table(
        "sop_party",
        sa.Column("sop_template_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("printed", sa.String(length=120), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.ForeignKeyConstraint(
            ["sop_template_id"],
            ["sop_template.sop_template_id"],
            name=op.f("fk_sop_party_sop_template_id_sop_template"),
        ),
        sa.PrimaryKeyConstraint("sop_template_id", "code", name=op.f("pk_sop_party")),
    )
    _create_steps()


def _create_steps() -> None:
    op.create_table(
        "sop_step",
        sa.Column("sop_template_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("printed_number", sa.String(length=10), nullable=False),
        sa.Column("printed_activity", sa.String(length=400), nullable=False),
        sa.Column("printed_inputs", sa.String(length=400), nullable=False),
        sa.Column("printed_time", sa.String(length=60), nullable=False),
        sa.Column("printed_output", sa.String(length=400), nullable=False),
        sa.Column("printed_note", sa.String(length=400), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("inputs", sa.String(length=400), nullable=False),
        sa.Column("output", sa.String(length=400), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("time_value", sa.Integer(), nullable=True),
        sa.Column("time_unit", _choice("time_unit", "minutes", "hours", "days"), nullable=True),
        sa.Column("time_per", _choice("time_per", "process", "candidate", "acceptor", "participant"), nullable=True),
        sa.Column("due_anchor", _choice("anchor", "first_day", "last_day"), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column(
            "proof",
            _choice("proof", "plan_approved", "lists_received", "alokon_issued", "sessions_closed", "report_ready"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(time_value IS NULL) = (time_unit IS NULL) AND (time_unit IS NULL) = (time_per IS NULL)",
            name=op.f("ck_sop_step_time_whole"),
        ),
        sa.CheckConstraint("time_value > 0", name=op.f("ck_sop_step_time_positive")),
        sa.CheckConstraint("due_days BETWEEN -120 AND 120", name=op.f("ck_sop_step_due_within_months")),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_sop_step_has_a_title")),
        sa.ForeignKeyConstraint(
            ["sop_template_id"], ["sop_template.sop_template_id"], name=op.f("fk_sop_step_sop_template_id_sop_template")
        ),
        sa.PrimaryKeyConstraint("sop_template_id", "code", name=op.f("pk_sop_step")),
    )
    op.create_index("ix_sop_step_position", "sop_step", ["sop_template_id", "position"])
    op.create_table(
        "sop_wait",
        sa.Column("sop_template_id", sa.BigInteger(), nullable=False),
        sa.Column("step_code", sa.String(length=40), nullable=False),
        sa.Column("waits_for_code", sa.String(length=40), nullable=False),
        sa.CheckConstraint("step_code <> waits_for_code", name=op.f("ck_sop_wait_not_for_itself")),
        sa.ForeignKeyConstraint(
            ["sop_template_id", "step_code"],
            ["sop_step.sop_template_id", "sop_step.code"],
            name=op.f("fk_sop_wait_sop_template_id_step_code_sop_step"),
        ),
        sa.ForeignKeyConstraint(
            ["sop_template_id", "waits_for_code"],
            ["sop_step.sop_template_id", "sop_step.code"],
            name=op.f("fk_sop_wait_sop_template_id_waits_for_code_sop_step"),
        ),
        sa.PrimaryKeyConstraint("sop_template_id", "step_code", "waits_for_code", name=op.f("pk_sop_wait")),
    )
    op.create_table(
        "sop_duty",
        sa.Column("sop_template_id", sa.BigInteger(), nullable=False),
        sa.Column("step_code", sa.String(length=40), nullable=False),
        sa.Column("party_code", sa.String(length=40), nullable=False),
        sa.Column("duty", _choice("duty", "does", "approves", "involved"), nullable=False),
        sa.Column("printed", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["sop_template_id", "step_code"],
            ["sop_step.sop_template_id", "sop_step.code"],
            name=op.f("fk_sop_duty_sop_template_id_step_code_sop_step"),
        ),
        sa.ForeignKeyConstraint(
            ["sop_template_id", "party_code"],
            ["sop_party.sop_template_id", "sop_party.code"],
            name=op.f("fk_sop_duty_sop_template_id_party_code_sop_party"),
        ),
        sa.PrimaryKeyConstraint("sop_template_id", "step_code", "party_code", name=op.f("pk_sop_duty")),
    )


def _create_checklists() -> None:
    op.create_table(
        "campaign_sop",
        sa.Column("campaign_sop_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("sop_template_id", sa.BigInteger(), nullable=False),
        sa.Column("sop_code", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_campaign_sop_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["sop_template_id", "sop_code"],
            ["sop_template.sop_template_id", "sop_template.code"],
            name=op.f("fk_campaign_sop_sop_template_id_sop_code_sop_template"),
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["account.account_id"], name=op.f("fk_campaign_sop_started_by_id_account")
        ),
        sa.PrimaryKeyConstraint("campaign_sop_id", name=op.f("pk_campaign_sop")),
        sa.UniqueConstraint("campaign_id", "sop_code", name=op.f("uq_campaign_sop_campaign_id_sop_code")),
        sa.UniqueConstraint(
            "campaign_sop_id", "sop_template_id", name=op.f("uq_campaign_sop_campaign_sop_id_sop_template_id")
        ),
    )
    op.create_table(
        "sop_step_event",
        sa.Column("sop_step_event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_sop_id", sa.BigInteger(), nullable=False),
        sa.Column("sop_template_id", sa.BigInteger(), nullable=False),
        sa.Column("step_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("event_kind", "ticked", "taken_back"), nullable=False),
        sa.Column("undoes_id", sa.BigInteger(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "number >= 1 AND (number % 2 = 1) = (kind = 'ticked')", name=op.f("ck_sop_step_event_takes_turns")
        ),
        sa.CheckConstraint(
            "(kind = 'taken_back') = (undoes_id IS NOT NULL)", name=op.f("ck_sop_step_event_return_points")
        ),
        sa.CheckConstraint("length(trim(note)) > 0", name=op.f("ck_sop_step_event_has_a_note")),
        sa.CheckConstraint(
            "minutes IS NULL OR (minutes > 0 AND kind = 'ticked')", name=op.f("ck_sop_step_event_minutes_of_a_tick")
        ),
        sa.CheckConstraint("happened_at <= recorded_at", name=op.f("ck_sop_step_event_not_in_the_future")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_sop_step_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_sop_id", "sop_template_id"],
            ["campaign_sop.campaign_sop_id", "campaign_sop.sop_template_id"],
            name=op.f("fk_sop_step_event_campaign_sop_id_sop_template_id_campaign_sop"),
        ),
        sa.ForeignKeyConstraint(
            ["sop_template_id", "step_code"],
            ["sop_step.sop_template_id", "sop_step.code"],
            name=op.f("fk_sop_step_event_sop_template_id_step_code_sop_step"),
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["sop_step_event.sop_step_event_id"],
            name=op.f("fk_sop_step_event_undoes_id_sop_step_event"),
        ),
        sa.PrimaryKeyConstraint("sop_step_event_id", name=op.f("pk_sop_step_event")),
        sa.UniqueConstraint(
            "campaign_sop_id", "step_code", "number", name=op.f("uq_sop_step_event_campaign_sop_id_step_code_number")
        ),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_sop_step_event_idempotency_key")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_sop_step_event_undoes_id")),
    )
    op.create_table(
        "sop_step_file",
        sa.Column("sop_step_event_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(content) BETWEEN 1 AND 5000000", name=op.f("ck_sop_step_file_content_size")),
        sa.ForeignKeyConstraint(
            ["sop_step_event_id"],
            ["sop_step_event.sop_step_event_id"],
            name=op.f("fk_sop_step_file_sop_step_event_id_sop_step_event"),
        ),
        sa.PrimaryKeyConstraint("sop_step_event_id", name=op.f("pk_sop_step_file")),
    )


def downgrade() -> None:
    for table in ("sop_step_file", "sop_step_event", "campaign_sop", "sop_duty", "sop_wait", "sop_step", "sop_party"):
        op.drop_table(table)
    op.drop_index("uq_sop_template_draft", table_name="sop_template", postgresql_where=sa.text("published_at IS NULL"))
    op.drop_table("sop_template")
    op.execute("DROP FUNCTION refuse_published_sop()")
    op.execute("DROP FUNCTION refuse_unpublished_sop()")

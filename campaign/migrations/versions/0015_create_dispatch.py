"""Rules, stops, texts and replies of the messages; freed places; who wants none; calendars; versions of appointments.

What exists already keeps its meaning: an appointment is booked in its first version, and it was told.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

APPEND_ONLY = ("message_text", "reply")
CHANNELS = ("email", "message", "cadre"), ("email", "message", "whatsapp", "sms", "other", "cadre")
KINDS = ("invitation",), ("invitation", "offer", "reminder_3", "reminder_1", "reminder_day", "moved", "cancelled")
STATES = (
    ("pending", "sending", "sent", "rejected", "unknown"),
    (
        "pending",
        "sending",
        "sent",
        "rejected",
        "unknown",
        "dropped",
    ),
)
# Table, column, name of the enum, members before and now.
WIDENED = (
    ("candidate", "channel", "channel", CHANNELS),
    ("invitation", "channel", "channel", CHANNELS),
    ("invitation", "kind", "invitation_kind", KINDS),
    ("invitation", "state", "invitation_state", STATES),
)


def _allow(now: int) -> None:
    for table, column, name, members in WIDENED:
        listed = ", ".join(f"'{member}'" for member in members[now])
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '10s'")
    _allow(1)
    _version_appointments()
    _widen_invitations()
    _create_tables()
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")


def _version_appointments() -> None:
    states = ("booked", "offered", "confirmed", "declined", "lapsed", "cancelled")
    kind = sa.Enum(*states, name="appointment_state", native_enum=False, create_constraint=True, length=32)
    for column in (
        sa.Column("state", kind, nullable=False, server_default="booked"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("told_version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("is_extra", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("appointment", column)
        op.alter_column("appointment", column.name, server_default=None)
    op.create_check_constraint(
        op.f("ck_appointment_told_what_there_was"),
        "appointment",
        "version >= 1 AND told_version BETWEEN 0 AND version",
    )


def _widen_invitations() -> None:
    op.add_column("invitation", sa.Column("campaign_id", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE invitation SET campaign_id = c.campaign_id FROM appointment a JOIN candidate c USING (candidate_id)"
        " WHERE a.appointment_id = invitation.appointment_id"
    )
    op.alter_column("invitation", "campaign_id", nullable=False)
    for name, value in (("appointment_version", "1"), ("rounds", "0")):
        op.add_column("invitation", sa.Column(name, sa.Integer(), nullable=False, server_default=value))
        op.alter_column("invitation", name, server_default=None)
    op.drop_constraint(op.f("uq_invitation_appointment_id_kind"), "invitation", type_="unique")
    op.create_unique_constraint(
        op.f("uq_invitation_appointment_id_appointment_version_kind"),
        "invitation",
        ["appointment_id", "appointment_version", "kind"],
    )
    op.create_index("ix_invitation_campaign", "invitation", ["campaign_id", "state"], unique=False)
    op.create_index("ix_invitation_sent", "invitation", ["channel", "sent_at"], unique=False)
    op.create_foreign_key(
        op.f("fk_invitation_campaign_id_campaign"), "invitation", "campaign", ["campaign_id"], ["campaign_id"]
    )


def _create_tables() -> None:
    op.create_table(
        "link_miss",
        sa.Column("link_miss_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("link_miss_id", name=op.f("pk_link_miss")),
    )
    op.create_index("ix_link_miss_address", "link_miss", ["address_mark", "missed_at"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("calendar_feed_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "facility",
                "provider",
                "kecamatan",
                name="feed_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=13), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.account_id"], name=op.f("fk_calendar_feed_created_by_id_account")
        ),
        sa.PrimaryKeyConstraint("calendar_feed_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_table(
        "dispatch_rule",
        sa.Column("dispatch_rule_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column(
            "phone_route",
            sa.Enum(
                "email",
                "message",
                "whatsapp",
                "sms",
                "other",
                "cadre",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("daily_caps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reminders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remind_at", sa.Time(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("offer_lead_hours", sa.Integer(), nullable=False),
        sa.Column("risk", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("dispatch_rule_id = 1", name=op.f("ck_dispatch_rule_one_row")),
        sa.CheckConstraint("offer_hours >= 1 AND offer_lead_hours >= 0", name=op.f("ck_dispatch_rule_offer_hours")),
        sa.CheckConstraint("risk > 0 AND risk < 1", name=op.f("ck_dispatch_rule_risk_is_a_chance")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["account.account_id"], name=op.f("fk_dispatch_rule_changed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("dispatch_rule_id", name=op.f("pk_dispatch_rule")),
    )
    op.create_table(
        "message_text",
        sa.Column("message_text_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "offer",
                "reminder_3",
                "reminder_1",
                "reminder_day",
                "moved",
                "cancelled",
                name="invitation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(subject IS NULL) = (body IS NULL)", name=op.f("ck_message_text_subject_with_body")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_message_text_account_id_account")
        ),
        sa.PrimaryKeyConstraint("message_text_id", name=op.f("pk_message_text")),
    )
    op.create_index("ix_message_text_newest", "message_text", ["kind", "language", "message_text_id"], unique=False)
    op.create_table(
        "turnout_prior",
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("comes", sa.Float(), nullable=False),
        sa.Column("comes_weight", sa.Integer(), nullable=False),
        sa.Column("fit", sa.Float(), nullable=False),
        sa.Column("fit_weight", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=240), nullable=False),
        sa.CheckConstraint(
            "comes > 0 AND comes < 1 AND fit > 0 AND fit < 1", name=op.f("ck_turnout_prior_rates_are_chances")
        ),
        sa.CheckConstraint("comes_weight >= 1 AND fit_weight >= 1", name=op.f("ck_turnout_prior_weights_count")),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_turnout_prior_method_code_method")),
        sa.PrimaryKeyConstraint("method_code", name=op.f("pk_turnout_prior")),
    )
    op.create_table(
        "dispatch_stop",
        sa.Column("dispatch_stop_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_by_id", sa.BigInteger(), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(resumed_at IS NULL) OR (resumed_at >= stopped_at)", name=op.f("ck_dispatch_stop_resumed_after_it_stopped")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_dispatch_stop_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["resumed_by_id"], ["account.account_id"], name=op.f("fk_dispatch_stop_resumed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["stopped_by_id"], ["account.account_id"], name=op.f("fk_dispatch_stop_stopped_by_id_account")
        ),
        sa.PrimaryKeyConstraint("dispatch_stop_id", name=op.f("pk_dispatch_stop")),
    )
    op.create_index(
        "uq_dispatch_stop_open",
        "dispatch_stop",
        ["campaign_id"],
        unique=True,
        postgresql_where=sa.text("resumed_at IS NULL"),
    )
    op.create_table(
        "opt_out",
        sa.Column("opt_out_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("contact_print", sa.String(length=64), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_opt_out_account_id_account")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_opt_out_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["account.account_id"], name=op.f("fk_opt_out_revoked_by_id_account")
        ),
        sa.PrimaryKeyConstraint("opt_out_id", name=op.f("pk_opt_out")),
    )
    op.create_index(
        "uq_opt_out_open", "opt_out", ["contact_print"], unique=True, postgresql_where=sa.text("revoked_at IS NULL")
    )
    op.create_table(
        "place_offer",
        sa.Column("place_offer_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("freed_id", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ending",
            sa.Enum(
                "accepted",
                "declined",
                "lapsed",
                "withdrawn",
                name="offer_ending",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name=op.f("ck_place_offer_ending_has_a_time")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.appointment_id"], name=op.f("fk_place_offer_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["freed_id"], ["appointment.appointment_id"], name=op.f("fk_place_offer_freed_id_appointment")
        ),
        sa.PrimaryKeyConstraint("place_offer_id", name=op.f("pk_place_offer")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_place_offer_appointment_id")),
    )
    op.create_index(
        "ix_place_offer_until", "place_offer", ["until"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        "uq_place_offer_open", "place_offer", ["freed_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "reply",
        sa.Column("reply_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("appointment_version", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "confirmed",
                "declined",
                "other_date",
                "no_messages",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wished_on", sa.Date(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(answer = 'other_date') = (wished_on IS NOT NULL)", name=op.f("ck_reply_other_date_names_it")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_reply_account_id_account")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.appointment_id"], name=op.f("fk_reply_appointment_id_appointment")
        ),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("pk_reply")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_reply_idempotency_key")),
    )
    op.create_index("ix_reply_appointment", "reply", ["appointment_id", "reply_id"], unique=False)
    op.create_table(
        "reply_link",
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.appointment_id"], name=op.f("fk_reply_link_appointment_id_appointment")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_reply_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reply_link_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("reply_link")
    op.drop_index("ix_reply_appointment", table_name="reply")
    op.drop_table("reply")
    op.drop_index("uq_place_offer_open", table_name="place_offer", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("ix_place_offer_until", table_name="place_offer", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("place_offer")
    op.drop_index("uq_opt_out_open", table_name="opt_out", postgresql_where=sa.text("revoked_at IS NULL"))
    op.drop_table("opt_out")
    op.drop_index("uq_dispatch_stop_open", table_name="dispatch_stop", postgresql_where=sa.text("resumed_at IS NULL"))
    op.drop_table("dispatch_stop")
    op.drop_table("turnout_prior")
    op.drop_index("ix_message_text_newest", table_name="message_text")
    op.drop_table("message_text")
    op.drop_table("dispatch_rule")
    op.drop_table("calendar_feed")
    op.drop_index("ix_link_miss_address", table_name="link_miss")
    op.drop_table("link_miss")
    op.drop_constraint(op.f("fk_invitation_campaign_id_campaign"), "invitation", type_="foreignkey")
    op.drop_index("ix_invitation_sent", table_name="invitation")
    op.drop_index("ix_invitation_campaign", table_name="invitation")
    op.execute("DELETE FROM invitation WHERE kind <> 'invitation' OR appointment_version <> 1")
    op.execute("UPDATE invitation SET state = 'rejected', failure = 'dropped' WHERE state = 'dropped'")
    op.execute("UPDATE invitation SET channel = 'message' WHERE channel IN ('whatsapp', 'sms', 'other')")
    op.execute("UPDATE candidate SET channel = 'message' WHERE channel IN ('whatsapp', 'sms', 'other')")
    op.drop_constraint(op.f("uq_invitation_appointment_id_appointment_version_kind"), "invitation", type_="unique")
    op.create_unique_constraint(op.f("uq_invitation_appointment_id_kind"), "invitation", ["appointment_id", "kind"])
    for name in ("rounds", "appointment_version", "campaign_id"):
        op.drop_column("invitation", name)
    op.drop_constraint(op.f("ck_appointment_told_what_there_was"), "appointment", type_="check")
    for name in ("is_extra", "changed_at", "told_version", "version", "state"):
        op.drop_column("appointment", name)
    _allow(0)

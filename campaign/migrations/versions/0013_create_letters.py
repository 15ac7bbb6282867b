"""Letters and meetings of a campaign, the arms on the letterhead, daily letters, and what a signature fixes.

A signed letter is locked twice: by the use-cases, and by a trigger that refuses every change but the two states that may
follow. Its addressees are locked with it.
"""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

APPEND_ONLY = ("letter_text", "letter_handover", "meeting_minutes")
WIDER = (
    ("paper", "kind", "paper_kind", ("letter", "meeting_attendance", "meeting_minutes")),
    ("paper", "format", "paper_format", ("docx",)),
    ("sop_step", "proof", "proof", ("letters_sent", "meetings_held")),
)

REFUSE_SIGNED = """
CREATE FUNCTION refuse_signed_letter() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'state' = to_jsonb(NEW) - 'state'
       AND (OLD.state, NEW.state) IN (('signed', 'signed'), ('signed', 'sent'), ('sent', 'sent'),
                                      ('signed', 'replaced'), ('sent', 'replaced')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'letter % is signed: replace it by a new version', OLD.letter_id
        USING ERRCODE = 'restrict_violation';
END $$
"""

REFUSE_ADDRESSEE = """
CREATE FUNCTION refuse_signed_addressee() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.letter_id ELSE OLD.letter_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM letter WHERE letter_id = changed AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'letter % is signed: replace it by a new version', changed
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    for table, column, name, values in WIDER:
        _allow(table, column, name, more=values)
    _create_tables()
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")
    op.execute(REFUSE_SIGNED)
    op.execute(REFUSE_ADDRESSEE)
    op.execute(
        "CREATE TRIGGER signed BEFORE UPDATE OR DELETE ON letter FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)"
        " EXECUTE FUNCTION refuse_signed_letter()"
    )
    op.execute(
        "CREATE TRIGGER signed BEFORE INSERT OR UPDATE OR DELETE ON letter_addressee"
        " FOR EACH ROW EXECUTE FUNCTION refuse_signed_addressee()"
    )


def _allow(table: str, column: str, name: str, more: Sequence[str] = (), less: Sequence[str] = ()) -> None:
    """Change the values that a column may hold, keeping those that other migrations allowed."""
    constraint = f"ck_{table}_{name}"
    defined = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": constraint}
    )
    known = re.findall(r"'([^']+)'", defined or "")
    allowed = ", ".join(f"'{one}'" for one in dict.fromkeys([*known, *more]) if one not in less)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({allowed}))")


def _create_tables() -> None:
    op.create_table(
        "office_logo",
        sa.Column("office_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(content) BETWEEN 1 AND 300000", name=op.f("ck_office_logo_content_size")),
        sa.ForeignKeyConstraint(["office_id"], ["office.office_id"], name=op.f("fk_office_logo_office_id_office")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_office_logo")),
    )
    op.create_table(
        "meeting",
        sa.Column("meeting_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "preparation",
                "coordination",
                "evaluation",
                name="meeting_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cancelled_at IS NULL OR held_at IS NULL", name=op.f("ck_meeting_held_or_cancelled")),
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_meeting_starts_before_it_ends")),
        sa.CheckConstraint(
            "length(trim(title)) > 0 AND length(trim(place)) > 0", name=op.f("ck_meeting_has_title_and_place")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_meeting_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.account_id"], name=op.f("fk_meeting_created_by_id_account")
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_meeting_idempotency_key")),
    )
    op.create_index(op.f("ix_meeting_campaign_id"), "meeting", ["campaign_id"], unique=False)
    op.create_table(
        "meeting_invitee",
        sa.Column("meeting_invitee_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("office", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=160), nullable=False),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.Column("stood_in", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.meeting_id"], name=op.f("fk_meeting_invitee_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_invitee_id", name=op.f("pk_meeting_invitee")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_meeting_invitee_meeting_id_position")),
    )
    op.create_index(op.f("ix_meeting_invitee_meeting_id"), "meeting_invitee", ["meeting_id"], unique=False)
    op.create_table(
        "meeting_minutes",
        sa.Column("meeting_minutes_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_meeting_minutes_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.meeting_id"], name=op.f("fk_meeting_minutes_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_minutes_id", name=op.f("pk_meeting_minutes")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_meeting_minutes_meeting_id_version")),
    )
    op.create_index(op.f("ix_meeting_minutes_meeting_id"), "meeting_minutes", ["meeting_id"], unique=False)
    op.create_table(
        "meeting_agreement",
        sa.Column("agreement_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=160), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "done_by_id IS NULL OR done_at IS NOT NULL", name=op.f("ck_meeting_agreement_done_who_and_when")
        ),
        sa.CheckConstraint(
            "length(trim(task)) > 0 AND length(trim(who)) > 0",
            name=op.f("ck_meeting_agreement_somebody_does_something"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_meeting_agreement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["account.account_id"], name=op.f("fk_meeting_agreement_done_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.meeting_id"], name=op.f("fk_meeting_agreement_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_meeting_agreement")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_meeting_agreement_idempotency_key")),
    )
    op.create_index(op.f("ix_meeting_agreement_meeting_id"), "meeting_agreement", ["meeting_id"], unique=False)
    op.create_table(
        "letter_text",
        sa.Column("letter_text_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "decree",
                "meeting_invitation",
                "notice",
                "submission",
                "schedule",
                "candidate_list",
                "recapitulation",
                name="letter_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=240), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("classification", sa.String(length=20), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["account.account_id"], name=op.f("fk_letter_text_saved_by_id_account")
        ),
        sa.PrimaryKeyConstraint("letter_text_id", name=op.f("pk_letter_text")),
    )
    op.create_index(op.f("ix_letter_text_kind"), "letter_text", ["kind"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("office", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_team_member_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "position", name=op.f("pk_team_member")),
    )
    op.create_table(
        "letter",
        sa.Column("letter_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=True),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "decree",
                "meeting_invitation",
                "notice",
                "submission",
                "schedule",
                "candidate_list",
                "recapitulation",
                name="letter_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "signed",
                "sent",
                "replaced",
                "dropped",
                name="letter_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("classification", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column(
            "nature",
            sa.Enum(
                "ordinary",
                "important",
                "urgent",
                "very_urgent",
                "confidential",
                name="nature",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=240), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("copies", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("position", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.String(length=60), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("public_token", sa.String(length=43), nullable=False),
        sa.Column("frozen", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (state IN ('draft', 'dropped'))", name=op.f("ck_letter_approved_when")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (state IN ('draft', 'approved', 'dropped'))", name=op.f("ck_letter_signed_when")
        ),
        sa.CheckConstraint("nip = '' OR nip ~ '^[0-9]{18}$'", name=op.f("ck_letter_nip_form")),
        sa.CheckConstraint(
            "length(trim(subject)) > 0 AND length(trim(body)) > 0", name=op.f("ck_letter_says_something")
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR (number IS NOT NULL AND frozen IS NOT NULL)", name=op.f("ck_letter_signed_whole")
        ),
        sa.CheckConstraint(
            "version >= 1 AND (version = 1) = (replaces_id IS NULL)", name=op.f("ck_letter_version_replaces")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.account_id"], name=op.f("fk_letter_approved_by_id_account")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_letter_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.account_id"], name=op.f("fk_letter_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["area.code"], name=op.f("fk_letter_kecamatan_code_area")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.meeting_id"], name=op.f("fk_letter_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["replaces_id"], ["letter.letter_id"], name=op.f("fk_letter_replaces_id_letter")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["account.account_id"], name=op.f("fk_letter_signed_by_id_account")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_letter_idempotency_key")),
        sa.UniqueConstraint("public_token", name=op.f("uq_letter_public_token")),
    )
    op.create_index(op.f("ix_letter_campaign_id"), "letter", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_letter_meeting_id"), "letter", ["meeting_id"], unique=False)
    op.create_index(
        "uq_letter_number",
        "letter",
        ["number"],
        unique=True,
        postgresql_where=sa.text("version = 1 AND state <> 'dropped'"),
    )
    op.create_index(
        "uq_letter_replaces", "letter", ["replaces_id"], unique=True, postgresql_where=sa.text("state <> 'dropped'")
    )
    op.create_table(
        "letter_addressee",
        sa.Column("letter_addressee_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.letter_id"], name=op.f("fk_letter_addressee_letter_id_letter")),
        sa.PrimaryKeyConstraint("letter_addressee_id", name=op.f("pk_letter_addressee")),
        sa.UniqueConstraint("letter_id", "position", name=op.f("uq_letter_addressee_letter_id_position")),
    )
    op.create_index(op.f("ix_letter_addressee_letter_id"), "letter_addressee", ["letter_id"], unique=False)
    op.create_table(
        "letter_handover",
        sa.Column("letter_handover_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("letter_addressee_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sent", "received", "failed", name="handover_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "courier",
                "email",
                "message",
                name="handover_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("receiver", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'received') = (length(trim(receiver)) > 0)", name=op.f("ck_letter_handover_received_by_somebody")
        ),
        sa.CheckConstraint(
            "(content IS NULL) = (sha256 IS NULL)", name=op.f("ck_letter_handover_content_with_its_hash")
        ),
        sa.CheckConstraint(
            "content IS NULL OR octet_length(content) BETWEEN 1 AND 5000000",
            name=op.f("ck_letter_handover_content_size"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_letter_handover_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["letter_addressee_id"],
            ["letter_addressee.letter_addressee_id"],
            name=op.f("fk_letter_handover_letter_addressee_id_letter_addressee"),
        ),
        sa.PrimaryKeyConstraint("letter_handover_id", name=op.f("pk_letter_handover")),
        sa.UniqueConstraint(
            "idempotency_key",
            "letter_addressee_id",
            name=op.f("uq_letter_handover_idempotency_key_letter_addressee_id"),
        ),
    )
    op.create_index(
        op.f("ix_letter_handover_letter_addressee_id"), "letter_handover", ["letter_addressee_id"], unique=False
    )

    op.create_table(
        "digest",
        sa.Column("digest_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("for_on", sa.Date(), nullable=False),
        sa.Column("late_steps", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "nothing",
                "waiting",
                "claimed",
                "sent",
                "unknown",
                "rejected",
                name="digest_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(state = 'claimed') = (claimed_at IS NOT NULL)", name=op.f("ck_digest_claimed_when")),
        sa.CheckConstraint("(state = 'nothing') = (late_steps = 0)", name=op.f("ck_digest_letter_when_late")),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_digest_account_id_account")),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_digest")),
        sa.UniqueConstraint("account_id", "for_on", name=op.f("uq_digest_account_id_for_on")),
    )
    op.create_index("ix_digest_open", "digest", ["state", "for_on"], unique=False)


def downgrade() -> None:
    op.drop_table("digest")
    op.drop_table("letter_handover")
    op.drop_table("letter_addressee")
    op.drop_table("letter")
    op.drop_table("team_member")
    op.drop_table("letter_text")
    op.drop_table("meeting_agreement")
    op.drop_table("meeting_minutes")
    op.drop_table("meeting_invitee")
    op.drop_table("meeting")
    op.drop_table("office_logo")
    op.execute("DROP FUNCTION refuse_signed_addressee()")
    op.execute("DROP FUNCTION refuse_signed_letter()")
    op.execute("DELETE FROM paper WHERE kind IN ('letter', 'meeting_attendance', 'meeting_minutes')")
    for table, column, name, values in WIDER:
        _allow(table, column, name, less=values)

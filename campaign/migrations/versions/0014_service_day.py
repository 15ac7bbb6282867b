"""Devices and their events, consent, stations, aid and aftercare; a service stands when the shelf was short."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "device_event",
    "held_event",
    "station_move",
    "signature_image",
    "consent",
    "aid_given",
    "aftercare",
    "stock_discrepancy",
    "day_settlement",
)
# Children before parents, for taking back.
TABLES = (
    *("stock_discrepancy", "day_settlement", "device_result", "device_event", "held_event", "device"),
    *("station_move", "consent", "aid_given", "aftercare", "signature_image"),
)
USES_STOCK = "ck_service_outcome_served_uses_stock"


def upgrade() -> None:
    op.add_column(
        "service_outcome", sa.Column("is_stock_short", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.drop_constraint(op.f(USES_STOCK), "service_outcome", type_="check")
    op.create_check_constraint(
        op.f(USES_STOCK),
        "service_outcome",
        "(kind = 'served') = (stock_document_id IS NOT NULL OR uses_nothing OR is_stock_short)",
    )
    op.create_table(
        "held_event",
        sa.Column("held_event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_held_event_account_id_account")),
        sa.PrimaryKeyConstraint("held_event_id", name=op.f("pk_held_event")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_held_event_fingerprint")),
    )
    op.create_index(op.f("ix_held_event_device_id"), "held_event", ["device_id"], unique=False)
    op.create_table(
        "signature_image",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_signature_image_sha256_form")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_signature_image_account_id_account")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_signature_image")),
    )
    op.create_table(
        "device",
        sa.Column("device_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("registration_key", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("letter", sa.String(length=3), nullable=False),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_offset_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_device_account_id_account")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.facility_id"], name=op.f("fk_device_facility_id_facility")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device")),
        sa.UniqueConstraint("registration_key", name=op.f("uq_device_registration_key")),
    )
    op.create_index(op.f("ix_device_account_id"), "device", ["account_id"], unique=False)
    op.create_index(op.f("ix_device_facility_id"), "device", ["facility_id"], unique=False)
    op.create_table(
        "aftercare",
        sa.Column("aftercare_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("record_key", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "discharged",
                "next-visit",
                "complication",
                name="aftercare_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'complication') = (code IS NOT NULL)", name=op.f("ck_aftercare_complication_has_a_code")
        ),
        sa.CheckConstraint(
            "(kind = 'next-visit') = (due_on IS NOT NULL)", name=op.f("ck_aftercare_next_visit_has_a_day")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_aftercare_account_id_account")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_aftercare_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_aftercare_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("aftercare_id", name=op.f("pk_aftercare")),
        sa.UniqueConstraint("record_key", name=op.f("uq_aftercare_record_key")),
    )
    op.create_index(op.f("ix_aftercare_candidate_id"), "aftercare", ["candidate_id"], unique=False)
    op.create_index("ix_aftercare_visit", "aftercare", ["service_session_id", "candidate_id"], unique=False)
    op.create_table(
        "aid_given",
        sa.Column("aid_given_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("record_key", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "transport",
                "rice",
                "lost-earnings",
                "other",
                name="aid_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("image_sha256", sa.String(length=64), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_aid_given_quantity_positive")),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_aid_given_account_id_account")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_aid_given_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["image_sha256"], ["signature_image.sha256"], name=op.f("fk_aid_given_image_sha256_signature_image")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_aid_given_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("aid_given_id", name=op.f("pk_aid_given")),
        sa.UniqueConstraint("record_key", name=op.f("uq_aid_given_record_key")),
    )
    op.create_index(op.f("ix_aid_given_candidate_id"), "aid_given", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_aid_given_service_session_id"), "aid_given", ["service_session_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("consent_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("record_key", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column(
            "signer",
            sa.Enum("client", "spouse", name="signer", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "decision",
            sa.Enum(
                "given", "refused", "withdrawn", name="decision", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("screen", "paper", name="way", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("image_sha256", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(decision = 'given') = (number IS NOT NULL)", name=op.f("ck_consent_given_has_a_number")),
        sa.CheckConstraint("(decision = 'given') = (way IS NOT NULL)", name=op.f("ck_consent_given_in_a_way")),
        sa.CheckConstraint(
            "way IS DISTINCT FROM 'screen' OR image_sha256 IS NOT NULL", name=op.f("ck_consent_screen_has_a_signature")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_consent_account_id_account")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_consent_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["image_sha256"], ["signature_image.sha256"], name=op.f("fk_consent_image_sha256_signature_image")
        ),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_consent_method_code_method")),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_consent_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent")),
        sa.UniqueConstraint("record_key", name=op.f("uq_consent_record_key")),
    )
    op.create_index(op.f("ix_consent_candidate_id"), "consent", ["candidate_id"], unique=False)
    op.create_index("ix_consent_visit", "consent", ["service_session_id", "candidate_id"], unique=False)
    op.create_table(
        "device_event",
        sa.Column("device_event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "arrived",
                "moved",
                "screened",
                "consented",
                "ended",
                "aided",
                "aftercare",
                name="event_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_seconds", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("counter >= 1", name=op.f("ck_device_event_counter_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_device_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.device_id"], name=op.f("fk_device_event_device_id_device")),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_device_event_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("device_event_id", name=op.f("pk_device_event")),
        sa.UniqueConstraint("device_id", "counter", name=op.f("uq_device_event_device_id_counter")),
        sa.UniqueConstraint("event_id", name=op.f("uq_device_event_event_id")),
    )
    op.create_table(
        "station_move",
        sa.Column("station_move_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("record_key", sa.Uuid(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "stop",
            sa.Enum(
                "registration",
                "examination",
                "service",
                "recovery",
                "home",
                name="stop",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token", sa.String(length=8), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_station_move_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_station_move_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_station_move_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("station_move_id", name=op.f("pk_station_move")),
        sa.UniqueConstraint("record_key", name=op.f("uq_station_move_record_key")),
    )
    op.create_index(op.f("ix_station_move_candidate_id"), "station_move", ["candidate_id"], unique=False)
    op.create_index("ix_station_move_visit", "station_move", ["service_session_id", "candidate_id"], unique=False)
    op.create_table(
        "device_result",
        sa.Column("device_event_id", sa.BigInteger(), nullable=False),
        sa.Column("service_session_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "applied",
                "refused",
                "conflict",
                name="result_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("candidate_id", sa.BigInteger(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_device_result_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["device_event_id"],
            ["device_event.device_event_id"],
            name=op.f("fk_device_result_device_event_id_device_event"),
        ),
        sa.ForeignKeyConstraint(
            ["service_session_id"],
            ["service_session.service_session_id"],
            name=op.f("fk_device_result_service_session_id_service_session"),
        ),
        sa.PrimaryKeyConstraint("device_event_id", name=op.f("pk_device_result")),
    )
    op.create_index(op.f("ix_device_result_candidate_id"), "device_result", ["candidate_id"], unique=False)
    op.create_index(
        "ix_device_result_waiting",
        "device_result",
        ["service_session_id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "day_settlement",
        sa.Column("day_settlement_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "matter",
            sa.Enum(
                "double-service",
                "second-ending",
                "held-event",
                "stuck-event",
                "stock-discrepancy",
                name="settled_matter",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "keep-one",
                "keep-both",
                "noted",
                name="settlement",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kept_outcome_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(decision = 'keep-one') = (kept_outcome_id IS NOT NULL)", name=op.f("ck_day_settlement_one_is_named")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_day_settlement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["kept_outcome_id"],
            ["service_outcome.service_outcome_id"],
            name=op.f("fk_day_settlement_kept_outcome_id_service_outcome"),
        ),
        sa.PrimaryKeyConstraint("day_settlement_id", name=op.f("pk_day_settlement")),
    )
    op.create_index("ix_day_settlement_matter", "day_settlement", ["matter", "subject_id"], unique=False)
    op.create_table(
        "stock_discrepancy",
        sa.Column("stock_discrepancy_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("service_outcome_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("wanted > available AND available >= 0", name=op.f("ck_stock_discrepancy_really_short")),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name=op.f("fk_stock_discrepancy_item_id_item")),
        sa.ForeignKeyConstraint(
            ["service_outcome_id"],
            ["service_outcome.service_outcome_id"],
            name=op.f("fk_stock_discrepancy_service_outcome_id_service_outcome"),
        ),
        sa.PrimaryKeyConstraint("stock_discrepancy_id", name=op.f("pk_stock_discrepancy")),
        sa.UniqueConstraint(
            "service_outcome_id", "item_id", name=op.f("uq_stock_discrepancy_service_outcome_id_item_id")
        ),
    )

    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_constraint(op.f(USES_STOCK), "service_outcome", type_="check")
    op.create_check_constraint(
        op.f(USES_STOCK),
        "service_outcome",
        "(kind = 'served') = (stock_document_id IS NOT NULL OR uses_nothing)",
    )
    op.drop_column("service_outcome", "is_stock_short")

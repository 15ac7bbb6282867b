"""Field work: households and visits, lists handed in, verdicts about doubles, exits, rules of methods."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

APPEND_ONLY = ("house_visit", "submitted_candidate", "double_verdict", "candidate_exit")


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("household_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("kelurahan_code", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("spouse_name", sa.String(length=120), nullable=True),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("phone", sa.String(length=255), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("is_poor", sa.Boolean(), nullable=False),
        sa.Column("poor_source", sa.String(length=40), nullable=True),
        sa.Column("candidate_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(poor_source IS NOT NULL) = is_poor", name=op.f("ck_household_poor_has_a_source")),
        sa.CheckConstraint(
            "length(trim(name)) > 0 AND length(trim(address)) > 0", name=op.f("ck_household_name_and_address")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_household_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_household_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.account_id"], name=op.f("fk_household_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(["kelurahan_code"], ["area.code"], name=op.f("fk_household_kelurahan_code_area")),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_household")),
        sa.UniqueConstraint("campaign_id", "idempotency_key", name=op.f("uq_household_campaign_id_idempotency_key")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_household_candidate_id")),
    )
    op.create_index("ix_household_area", "household", ["campaign_id", "kelurahan_code"], unique=False)
    op.create_table(
        "house_visit",
        sa.Column("house_visit_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "willing",
                "thinking",
                "refuses",
                "nobody_home",
                "moved",
                "pregnant",
                "already_served",
                name="visit_result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("method_code", sa.String(length=24), nullable=True),
        sa.Column("poor_verified_on", sa.Date(), nullable=True),
        sa.Column("poor_verified_by", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(result = 'willing') = (method_code IS NOT NULL)", name=op.f("ck_house_visit_willing_wishes_a_method")
        ),
        sa.CheckConstraint(
            "poor_verified_on IS NULL OR poor_verified_by <> ''", name=op.f("ck_house_visit_verified_by_somebody")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name=op.f("fk_house_visit_account_id_account")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.household_id"], name=op.f("fk_house_visit_household_id_household")
        ),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_house_visit_method_code_method")),
        sa.PrimaryKeyConstraint("house_visit_id", name=op.f("pk_house_visit")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_house_visit_idempotency_key")),
    )
    op.create_index(op.f("ix_house_visit_household_id"), "house_visit", ["household_id"], unique=False)
    op.create_table(
        "candidate_submission",
        sa.Column("candidate_submission_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "returned",
                "accepted",
                name="submission_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("poor", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)", name=op.f("ck_candidate_submission_decided_when")
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR length(trim(remark)) > 0",
            name=op.f("ck_candidate_submission_returned_with_a_remark"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_candidate_submission_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.account_id"], name=op.f("fk_candidate_submission_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["kecamatan_code"], ["area.code"], name=op.f("fk_candidate_submission_kecamatan_code_area")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.account_id"], name=op.f("fk_candidate_submission_submitted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("candidate_submission_id", name=op.f("pk_candidate_submission")),
        sa.UniqueConstraint(
            "campaign_id",
            "kecamatan_code",
            "version",
            name=op.f("uq_candidate_submission_campaign_id_kecamatan_code_version"),
        ),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_candidate_submission_idempotency_key")),
    )
    op.create_index(
        "uq_candidate_submission_open",
        "candidate_submission",
        ["campaign_id", "kecamatan_code"],
        unique=True,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_table(
        "submitted_candidate",
        sa.Column("candidate_submission_id", sa.BigInteger(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_submitted_candidate_candidate_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_submission_id"],
            ["candidate_submission.candidate_submission_id"],
            name=op.f("fk_submitted_candidate_candidate_submission_id_candidate_submission"),
        ),
        sa.PrimaryKeyConstraint("candidate_submission_id", "candidate_id", name=op.f("pk_submitted_candidate")),
    )
    op.create_index(op.f("ix_submitted_candidate_candidate_id"), "submitted_candidate", ["candidate_id"], unique=False)
    op.create_table(
        "double_verdict",
        sa.Column("double_verdict_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("kept_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_double_verdict_smaller_first")),
        sa.CheckConstraint(
            "kept_id IS NULL OR kept_id IN (first_id, second_id)", name=op.f("ck_double_verdict_keeps_one_of_them")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_double_verdict_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["candidate.candidate_id"], name=op.f("fk_double_verdict_first_id_candidate")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["candidate.candidate_id"], name=op.f("fk_double_verdict_second_id_candidate")
        ),
        sa.PrimaryKeyConstraint("double_verdict_id", name=op.f("pk_double_verdict")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_double_verdict_first_id_second_id")),
    )
    op.create_index(op.f("ix_double_verdict_second_id"), "double_verdict", ["second_id"], unique=False)
    op.create_table(
        "candidate_exit",
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "changed_mind",
                "moved",
                "pregnant",
                "served_elsewhere",
                "double",
                "not_eligible",
                name="exit_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_candidate_exit_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.candidate_id"], name=op.f("fk_candidate_exit_candidate_id_candidate")
        ),
        sa.PrimaryKeyConstraint("candidate_id", name=op.f("pk_candidate_exit")),
    )
    op.create_table(
        "method_rule",
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("min_children", sa.Integer(), nullable=True),
        sa.Column("min_youngest_months", sa.Integer(), nullable=True),
        sa.CheckConstraint("min_age <= max_age", name=op.f("ck_method_rule_ages_in_order")),
        sa.CheckConstraint(
            "min_age BETWEEN 10 AND 60 AND max_age BETWEEN 10 AND 60", name=op.f("ck_method_rule_ages_plausible")
        ),
        sa.CheckConstraint(
            "min_children BETWEEN 0 AND 20 AND min_youngest_months BETWEEN 0 AND 240",
            name=op.f("ck_method_rule_not_negative"),
        ),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_method_rule_method_code_method")),
        sa.PrimaryKeyConstraint("method_code", name=op.f("pk_method_rule")),
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")


def downgrade() -> None:
    op.drop_table("method_rule")
    op.drop_table("candidate_exit")
    op.drop_table("double_verdict")
    op.drop_table("submitted_candidate")
    op.drop_table("candidate_submission")
    op.drop_table("house_visit")
    op.drop_table("household")

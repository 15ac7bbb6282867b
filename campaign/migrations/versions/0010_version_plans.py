"""Versions of a plan made by hand, runs that can be stopped, questions about a plan, targets per kelurahan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = ("queued", "solving", "draft", "solved", "failed", "approved")

# What was planned stays as it was planned: a change by hand, or a new solve, is a row of its own.
PLAN_IS_KEPT = """
CREATE FUNCTION plan_is_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.plan IS DISTINCT FROM OLD.plan OR NEW.problem IS DISTINCT FROM OLD.problem THEN
        RAISE EXCEPTION 'the plan of run % stays as it is: make a new version', OLD.plan_run_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _states(values: tuple[str, ...]) -> str:
    return "state IN ({})".format(", ".join(f"'{value}'" for value in values))


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_plan_run_plan_state"), "plan_run", type_="check")
    op.create_check_constraint(op.f("ck_plan_run_plan_state"), "plan_run", _states(STATES))
    op.drop_constraint(op.f("ck_plan_run_solved_has_a_plan"), "plan_run", type_="check")
    op.create_check_constraint(
        op.f("ck_plan_run_solved_has_a_plan"),
        "plan_run",
        "state NOT IN ('draft', 'solved', 'approved') OR plan IS NOT NULL",
    )
    origin = _enum("plan_origin", "planner", "repair", "hand")
    op.add_column("plan_run", sa.Column("origin", origin, nullable=False, server_default="planner"))
    op.alter_column("plan_run", "origin", server_default=None)
    op.add_column("plan_run", sa.Column("based_on_id", sa.BigInteger(), nullable=True))
    op.add_column("plan_run", sa.Column("edit", postgresql.JSONB(astext_type=Text()), nullable=True))
    op.add_column("plan_run", sa.Column("broken", postgresql.JSONB(astext_type=Text()), nullable=True))
    op.add_column("plan_run", sa.Column("pins", postgresql.JSONB(astext_type=Text()), nullable=True))
    op.add_column("plan_run", sa.Column("clashes", postgresql.JSONB(astext_type=Text()), nullable=True))
    op.add_column("plan_run", sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plan_run", sa.Column("is_estimated", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.alter_column("plan_run", "is_estimated", server_default=None)
    op.create_foreign_key(
        op.f("fk_plan_run_based_on_id_plan_run"), "plan_run", "plan_run", ["based_on_id"], ["plan_run_id"]
    )
    op.create_index(op.f("ix_plan_run_based_on_id"), "plan_run", ["based_on_id"], unique=False)
    op.create_check_constraint(op.f("ck_plan_run_hand_says_what"), "plan_run", "(origin = 'hand') = (edit IS NOT NULL)")
    op.create_check_constraint(
        op.f("ck_plan_run_repair_has_pins"),
        "plan_run",
        "(origin = 'repair') = (pins IS NOT NULL) AND (origin <> 'repair' OR based_on_id IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_plan_run_draft_breaks_rules"), "plan_run", "(state = 'draft') = (coalesce(broken, '[]') <> '[]')"
    )
    op.execute(PLAN_IS_KEPT)
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OF plan, problem OR DELETE ON plan_run"
        " FOR EACH ROW WHEN (OLD.plan IS NOT NULL) EXECUTE FUNCTION plan_is_kept()"
    )
    _create_questions()
    op.create_table(
        "kelurahan_target",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("kelurahan_code", sa.String(length=13), nullable=False),
        sa.Column("method_code", sa.String(length=32), nullable=False),
        sa.Column("acceptors", sa.Integer(), nullable=False),
        sa.CheckConstraint("acceptors >= 0", name=op.f("ck_kelurahan_target_acceptors_not_negative")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_kelurahan_target_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["kelurahan_code"], ["area.code"], name=op.f("fk_kelurahan_target_kelurahan_code_area")
        ),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_kelurahan_target_method_code_method")),
        sa.PrimaryKeyConstraint("campaign_id", "kelurahan_code", "method_code", name=op.f("pk_kelurahan_target")),
    )


def _create_questions() -> None:
    op.create_table(
        "plan_question",
        sa.Column("plan_question_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("plan_run_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _enum("question_kind", "why", "prices"), nullable=False),
        sa.Column("candidate_group", sa.String(length=200), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("state", _enum("question_state", "queued", "working", "answered", "failed"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'why') = (candidate_group IS NOT NULL)", name=op.f("ck_plan_question_why_of_whom")),
        sa.CheckConstraint(
            "(state = 'working') = (claimed_until IS NOT NULL)", name=op.f("ck_plan_question_claim_while_working")
        ),
        sa.CheckConstraint("(state = 'answered') = (answer IS NOT NULL)", name=op.f("ck_plan_question_answered")),
        sa.CheckConstraint("seconds BETWEEN 1 AND 60", name=op.f("ck_plan_question_limits")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.account_id"], name=op.f("fk_plan_question_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["plan_run_id"], ["plan_run.plan_run_id"], name=op.f("fk_plan_question_plan_run_id_plan_run")
        ),
        sa.PrimaryKeyConstraint("plan_question_id", name=op.f("pk_plan_question")),
    )
    op.create_index(op.f("ix_plan_question_plan_run_id"), "plan_question", ["plan_run_id"], unique=False)
    # One question at a time about the same thing: whoever asks again gets the one under way.
    op.create_index(
        "uq_plan_question_open",
        "plan_question",
        ["plan_run_id", "kind", sa.text("coalesce(candidate_group, '')")],
        unique=True,
        postgresql_where=sa.text("state <> 'failed'"),
    )


def downgrade() -> None:
    op.drop_table("kelurahan_target")
    op.drop_table("plan_question")
    op.execute("DROP TRIGGER kept ON plan_run")
    op.execute("DROP FUNCTION plan_is_kept()")
    for name in ("draft_breaks_rules", "repair_has_pins", "hand_says_what", "solved_has_a_plan", "plan_state"):
        op.drop_constraint(op.f(f"ck_plan_run_{name}"), "plan_run", type_="check")
    op.execute("UPDATE plan_run SET state = 'failed', failure = 'plan-breaks-rules' WHERE state = 'draft'")
    op.drop_constraint(op.f("fk_plan_run_based_on_id_plan_run"), "plan_run", type_="foreignkey")
    op.drop_index("ix_plan_run_based_on_id", table_name="plan_run")
    for column in ("is_estimated", "stop_asked_at", "clashes", "pins", "broken", "edit", "based_on_id", "origin"):
        op.drop_column("plan_run", column)
    op.create_check_constraint(
        op.f("ck_plan_run_solved_has_a_plan"), "plan_run", "state NOT IN ('solved', 'approved') OR plan IS NOT NULL"
    )
    states = tuple(state for state in STATES if state != "draft")
    op.create_check_constraint(op.f("ck_plan_run_plan_state"), "plan_run", _states(states))

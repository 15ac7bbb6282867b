"""People seen again after a procedure, and campaigns closed without that."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _allow(more=("controlled",))
    op.create_table(
        "control_waiver",
        sa.Column("control_waiver_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("missing >= 1", name=op.f("ck_control_waiver_something_missing")),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_control_waiver_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_control_waiver_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_control_waiver_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("control_waiver_id", name=op.f("pk_control_waiver")),
    )
    op.create_index(op.f("ix_control_waiver_campaign_id"), "control_waiver", ["campaign_id"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON control_waiver"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("REVOKE UPDATE, DELETE ON control_waiver FROM serempak_app")


def _allow(more: Sequence[str] = (), less: Sequence[str] = ()) -> None:
    """Change what may be told after a service, keeping what other migrations allowed."""
    constraint = "ck_aftercare_aftercare_kind"
    defined = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": constraint}
    )
    known = re.findall(r"'([^']+)'", defined or "")
    allowed = ", ".join(f"'{one}'" for one in dict.fromkeys([*known, *more]) if one not in less)
    op.execute(f"ALTER TABLE aftercare DROP CONSTRAINT {constraint}")
    op.execute(f"ALTER TABLE aftercare ADD CONSTRAINT {constraint} CHECK (kind IN ({allowed}))")


def downgrade() -> None:
    op.drop_table("control_waiver")
    op.execute("ALTER TABLE aftercare DISABLE TRIGGER USER")
    op.execute("DELETE FROM aftercare WHERE kind = 'controlled'")
    op.execute("ALTER TABLE aftercare ENABLE TRIGGER USER")
    _allow(less=("controlled",))

"""Final tallies: what the head signed, in versions that nobody can change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "final_tally",
        sa.Column("final_tally_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_final_tally_from_one")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.campaign_id"], name=op.f("fk_final_tally_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.account_id"], name=op.f("fk_final_tally_signed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("final_tally_id", name=op.f("pk_final_tally")),
        sa.UniqueConstraint("campaign_id", "version", name=op.f("uq_final_tally_campaign_id_version")),
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON final_tally"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("REVOKE UPDATE, DELETE ON final_tally FROM serempak_app")


def downgrade() -> None:
    op.drop_table("final_tally")

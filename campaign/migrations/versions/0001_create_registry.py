"""Areas, facilities, items, methods, providers, calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("parent_code", sa.String(length=13), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "district",
                "kecamatan",
                "kelurahan",
                name="area_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.String(length=120)), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?$'", name=op.f("ck_area_code_form")
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_area_point_whole")),
        sa.ForeignKeyConstraint(["parent_code"], ["area.code"], name=op.f("fk_area_parent_code_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    op.create_index(op.f("ix_area_parent_code"), "area", ["parent_code"], unique=False)
    op.create_table(
        "item",
        sa.Column("item_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "alokon", "kit", "consumable", name="item_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("pack", sa.Integer(), nullable=False),
        sa.CheckConstraint("pack >= 1", name=op.f("ck_item_pack_positive")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    op.create_table(
        "method",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("register_code", sa.Integer(), nullable=False),
        sa.Column("is_long_acting", sa.Boolean(), nullable=False),
        sa.Column("needs_spouse_consent", sa.Boolean(), nullable=False),
        sa.Column("display_order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_method")),
        sa.UniqueConstraint("display_order", name=op.f("uq_method_display_order")),
    )
    op.create_table(
        "area_figure",
        sa.Column("area_code", sa.String(length=13), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("couples", sa.Integer(), nullable=False),
        sa.Column("active_users", sa.Integer(), nullable=False),
        sa.Column("unmet_need", sa.Integer(), nullable=False),
        sa.Column("poor_couples", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "active_users + unmet_need <= couples AND poor_couples <= couples",
            name=op.f("ck_area_figure_parts_of_couples"),
        ),
        sa.CheckConstraint(
            "couples >= 0 AND active_users >= 0 AND unmet_need >= 0 AND poor_couples >= 0",
            name=op.f("ck_area_figure_counts"),
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_area_figure_area_code_area")),
        sa.PrimaryKeyConstraint("area_code", "year", name=op.f("pk_area_figure")),
    )
    op.create_table(
        "facility",
        sa.Column("facility_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "puskesmas",
                "hospital",
                "clinic",
                "midwife_practice",
                "mobile_clinic",
                name="facility_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kecamatan_code", sa.String(length=13), nullable=False),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("session_cost", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("code ~ '^([0-9]{7}|[0-9]{9})$'", name=op.f("ck_facility_code_form")),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["area.code"], name=op.f("fk_facility_kecamatan_code_area")),
        sa.PrimaryKeyConstraint("facility_id", name=op.f("pk_facility")),
        sa.UniqueConstraint("code", name=op.f("uq_facility_code")),
    )
    op.create_index(op.f("ix_facility_kecamatan_code"), "facility", ["kecamatan_code"], unique=False)
    op.create_table(
        "local_day_off",
        sa.Column("local_day_off_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("off_on", sa.Date(), nullable=False),
        sa.Column("area_code", sa.String(length=13), nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_local_day_off_area_code_area")),
        sa.PrimaryKeyConstraint("local_day_off_id", name=op.f("pk_local_day_off")),
        sa.UniqueConstraint(
            "off_on", "area_code", name=op.f("uq_local_day_off_off_on_area_code"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "method_step",
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "station",
            sa.Enum(
                "registration_desk",
                "exam_room",
                "procedure_room",
                "operating_room",
                "recovery_bed",
                name="station",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=24), nullable=True),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_method_step_minutes_not_negative")),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_method_step_method_code_method")),
        sa.PrimaryKeyConstraint("method_code", "position", name=op.f("pk_method_step")),
    )
    op.create_table(
        "method_use",
        sa.Column("method_code", sa.String(length=24), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_method_use_quantity_positive")),
        sa.ForeignKeyConstraint(["item_id"], ["item.item_id"], name=op.f("fk_method_use_item_id_item")),
        sa.ForeignKeyConstraint(["method_code"], ["method.code"], name=op.f("fk_method_use_method_code_method")),
        sa.PrimaryKeyConstraint("method_code", "item_id", name=op.f("pk_method_use")),
    )
    op.create_table(
        "facility_hours",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_facility_hours_opens_before_it_closes")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_facility_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.facility_id"], name=op.f("fk_facility_hours_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("facility_id", "weekday", "opens_at", name=op.f("pk_facility_hours")),
    )
    op.create_table(
        "facility_station",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "station",
            sa.Enum(
                "registration_desk",
                "exam_room",
                "procedure_room",
                "operating_room",
                "recovery_bed",
                name="station",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_facility_station_count_positive")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.facility_id"], name=op.f("fk_facility_station_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("facility_id", "station", name=op.f("pk_facility_station")),
    )
    op.create_table(
        "provider",
        sa.Column("provider_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("base_facility_id", sa.BigInteger(), nullable=False),
        sa.Column("is_mobile", sa.Boolean(), nullable=False),
        sa.Column("max_days", sa.Integer(), nullable=False),
        sa.Column("minutes_per_day", sa.Integer(), nullable=False),
        sa.Column("day_cost", sa.Integer(), nullable=False),
        sa.Column("weekdays", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "max_days >= 0 AND minutes_per_day >= 0 AND day_cost >= 0", name=op.f("ck_provider_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["base_facility_id"], ["facility.facility_id"], name=op.f("fk_provider_base_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_provider")),
        sa.UniqueConstraint("code", name=op.f("uq_provider_code")),
    )
    op.create_index(op.f("ix_provider_base_facility_id"), "provider", ["base_facility_id"], unique=False)
    op.create_table(
        "provider_absence",
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_provider_absence_from_before_until")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.provider_id"], name=op.f("fk_provider_absence_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("provider_id", "from_on", name=op.f("pk_provider_absence")),
    )
    op.create_table(
        "provider_skill",
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("skill", sa.String(length=24), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.provider_id"], name=op.f("fk_provider_skill_provider_id_provider")
        ),
        sa.PrimaryKeyConstraint("provider_id", "skill", name=op.f("pk_provider_skill")),
    )


def downgrade() -> None:
    op.drop_table("provider_skill")
    op.drop_table("provider_absence")
    op.drop_index(op.f("ix_provider_base_facility_id"), table_name="provider")
    op.drop_table("provider")
    op.drop_table("facility_station")
    op.drop_table("facility_hours")
    op.drop_table("method_use")
    op.drop_table("method_step")
    op.drop_table("local_day_off")
    op.drop_index(op.f("ix_facility_kecamatan_code"), table_name="facility")
    op.drop_table("facility")
    op.drop_table("area_figure")
    op.drop_table("method")
    op.drop_table("item")
    op.drop_index(op.f("ix_area_parent_code"), table_name="area")
    op.drop_table("area")

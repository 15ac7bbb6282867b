"""Goods on the way, set apart, damaged; what facilities say of a shipment; counts; requests.

Every warehouse and facility gets its compartments by a trigger, so that no code path can forget one. A second trigger
holds, shipment by shipment, what the balance of transit holds in sum: no more arrives, comes back or is lost of an
SBBK than it sent.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APPEND_ONLY = ("arrival_line", "stock_count_tally", "stock_count_explanation")
OLD_PLACES = ("warehouse", "facility", "supplier", "acceptors", "losses")
NEW_PLACES = ("warehouse", "facility", "transit", "quarantine", "damaged", "supplier", "acceptors", "losses")
OLD_KINDS = ("opening", "receipt", "issue_order", "issue", "use", "return", "count", "write_off", "reversal")
NEW_KINDS = (*OLD_KINDS, "transfer", "arrival", "quarantine", "release", "damage")
CAUSES = ("not-recorded", "wrong-entry", "damaged", "lost", "found", "unknown")

MAKE_COMPARTMENTS = """
CREATE FUNCTION make_compartments() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO stock_place (code, name, kind, is_real, of_place_id)
    SELECT c.letter || '-' || NEW.stock_place_id, left(c.word || NEW.name, 120), c.kind, true, NEW.stock_place_id
      FROM (VALUES ('T', 'Di jalan ke ', 'transit'), ('K', 'Karantina ', 'quarantine'), ('R', 'Rusak di ', 'damaged'))
           AS c (letter, word, kind)
     WHERE c.kind <> 'transit' OR NEW.kind = 'facility';
    RETURN NULL;
END $$
"""

COMPARTMENTS_OF_OLD = """
INSERT INTO stock_place (code, name, kind, is_real, of_place_id)
SELECT c.letter || '-' || p.stock_place_id, left(c.word || p.name, 120), c.kind, true, p.stock_place_id
  FROM stock_place p,
       (VALUES ('T', 'Di jalan ke ', 'transit'), ('K', 'Karantina ', 'quarantine'), ('R', 'Rusak di ', 'damaged'))
       AS c (letter, word, kind)
 WHERE p.kind IN ('warehouse', 'facility') AND (c.kind <> 'transit' OR p.kind = 'facility')
"""

# Both who take the last of a shipment have met at the balance of transit; at commit the second sees the first's lines.
SHIPMENT_FITS = """
CREATE FUNCTION shipment_fits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sent_by bigint;
    open_lot bigint;
BEGIN
    SELECT coalesce(undone.shipment_id, d.shipment_id,
                    CASE WHEN undone.kind IN ('issue', 'transfer') THEN undone.stock_document_id END)
      INTO sent_by
      FROM stock_document d LEFT JOIN stock_document undone ON undone.stock_document_id = d.reverses_id
     WHERE d.stock_document_id = NEW.stock_document_id;
    IF sent_by IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(CASE WHEN d.stock_document_id = sent_by THEN l.quantity ELSE -l.quantity END), 0)
      INTO open_lot
      FROM stock_document d JOIN stock_document_line l USING (stock_document_id)
     WHERE (d.stock_document_id = sent_by OR d.shipment_id = sent_by) AND l.stock_lot_id = NEW.stock_lot_id
       AND NOT EXISTS (SELECT 1 FROM stock_document r WHERE r.reverses_id = d.stock_document_id);
    IF open_lot < 0 THEN
        RAISE EXCEPTION 'shipment % did not send so much of lot %', sent_by, NEW.stock_lot_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shipment_fits';
    END IF;
    RETURN NULL;
END $$
"""

LINE_IS_USABLE = """
CREATE OR REPLACE FUNCTION line_is_usable() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stock_document d, stock_lot l
                WHERE d.stock_document_id = NEW.stock_document_id AND l.stock_lot_id = NEW.stock_lot_id
                  AND d.kind IN ({kinds}) AND l.expires_on < d.occurred_on) THEN
        RAISE EXCEPTION 'lot % has expired', NEW.stock_lot_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lot_expired';
    END IF;
    RETURN NEW;
END $$
"""


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _to(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(target), nullable=nullable)


def upgrade() -> None:
    _widen_places_and_kinds()
    _create_counts()
    _create_arrivals_and_requests()
    _widen_documents()
    op.execute(MAKE_COMPARTMENTS)
    op.execute(
        "CREATE TRIGGER compartments AFTER INSERT ON stock_place FOR EACH ROW"
        " WHEN (NEW.kind IN ('warehouse', 'facility')) EXECUTE FUNCTION make_compartments()"
    )
    op.execute(COMPARTMENTS_OF_OLD)
    op.execute(SHIPMENT_FITS)
    op.execute(
        "CREATE CONSTRAINT TRIGGER shipment_fits AFTER INSERT ON stock_document_line DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION shipment_fits()"
    )
    op.execute(LINE_IS_USABLE.format(kinds="'issue_order', 'issue', 'use', 'transfer'"))
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM serempak_app")


def _widen_places_and_kinds() -> None:
    op.add_column("stock_place", _to("of_place_id", "stock_place.stock_place_id", nullable=True))
    op.create_unique_constraint(op.f("uq_stock_place_of_place_id_kind"), "stock_place", ["of_place_id", "kind"])
    _replace_check("stock_place", "place_kind", f"kind IN ({_quoted(NEW_PLACES)})")
    _replace_check("stock_place", "real_by_kind", "is_real = (kind NOT IN ('supplier', 'acceptors', 'losses'))")
    op.create_check_constraint(
        op.f("ck_stock_place_compartment_by_kind"),
        "stock_place",
        "(kind IN ('transit', 'quarantine', 'damaged')) = (of_place_id IS NOT NULL)",
    )
    _replace_check("stock_document", "document_kind", f"kind IN ({_quoted(NEW_KINDS)})")


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _replace_check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _create_counts() -> None:
    op.create_table(
        "stock_count",
        _key("stock_count_id"),
        _to("stock_place_id", "stock_place.stock_place_id"),
        sa.Column("number", sa.String(60), nullable=False, unique=True),
        sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        _to("opened_by_id", "account.account_id", nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        _to("posted_by_id", "account.account_id", nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("stock_count_id"),
        sa.CheckConstraint("posted_at IS NOT NULL OR posted_by_id IS NULL", name="posted_by_somebody"),
        sa.CheckConstraint("posted_at IS NULL OR dropped_at IS NULL", name="posted_or_dropped"),
    )
    op.create_index(
        "uq_stock_count_open",
        "stock_count",
        ["stock_place_id"],
        unique=True,
        postgresql_where=sa.text("posted_at IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "stock_count_tally",
        _key("stock_count_tally_id"),
        *_counted_line(),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("is_recount", sa.Boolean(), nullable=False),
        _to("account_id", "account.account_id", nullable=True),
        sa.Column("idempotency_key", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("stock_count_tally_id"),
        sa.CheckConstraint("counted >= 0", name="counted_not_negative"),
    )
    op.create_table(
        "stock_count_explanation",
        _key("stock_count_explanation_id"),
        *_counted_line(),
        sa.Column("cause", _choice("count_cause", CAUSES), nullable=False),
        sa.Column("note", sa.String(240), nullable=False),
        _to("account_id", "account.account_id", nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("stock_count_explanation_id"),
    )
    for table in ("stock_count_tally", "stock_count_explanation"):
        op.create_index(f"ix_{table}_line", table, ["stock_count_id", "stock_place_id", "stock_lot_id"])


def _counted_line() -> tuple[sa.Column[int], ...]:
    return (
        _to("stock_count_id", "stock_count.stock_count_id"),
        _to("stock_place_id", "stock_place.stock_place_id"),
        _to("stock_lot_id", "stock_lot.stock_lot_id"),
    )


def _create_arrivals_and_requests() -> None:
    op.create_table(
        "arrival_line",
        _to("stock_document_id", "stock_document.stock_document_id"),
        _to("stock_lot_id", "stock_lot.stock_lot_id"),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("received", "refused", "missing", "damaged")),
        sa.Column("note", sa.String(240), nullable=False),
        sa.PrimaryKeyConstraint("stock_document_id", "stock_lot_id"),
        sa.CheckConstraint("least(received, refused, missing, damaged) >= 0", name="counts_not_negative"),
        sa.CheckConstraint("received + refused + missing + damaged > 0", name="says_something"),
        sa.CheckConstraint("refused + missing + damaged = 0 OR note <> ''", name="difference_explained"),
    )
    op.create_table(
        "stock_request",
        _key("stock_request_id"),
        sa.Column("number", sa.String(60), nullable=False, unique=True),
        sa.Column("idempotency_key", sa.String(64), nullable=False, unique=True),
        sa.Column("facility_id", sa.BigInteger(), sa.ForeignKey("facility.facility_id"), nullable=False, index=True),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(240), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _to("account_id", "account.account_id", nullable=True),
        sa.Column(
            "order_id",
            sa.BigInteger(),
            sa.ForeignKey("stock_document.stock_document_id"),
            nullable=True,
            unique=True,
        ),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        _to("refused_by_id", "account.account_id", nullable=True),
        sa.Column("refusal", sa.String(240), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("stock_request_id"),
        sa.CheckConstraint("(refused_at IS NULL) = (refusal = '')", name="refusal_has_a_reason"),
        sa.CheckConstraint("refused_at IS NULL OR order_id IS NULL", name="ordered_or_refused"),
    )
    op.create_table(
        "stock_request_line",
        _to("stock_request_id", "stock_request.stock_request_id"),
        _to("item_id", "item.item_id"),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stock_request_id", "item_id"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    )


def _widen_documents() -> None:
    for column, target in (
        ("shipment_id", "stock_document.stock_document_id"),
        ("stock_count_id", "stock_count.stock_count_id"),
    ):
        op.add_column("stock_document", _to(column, target, nullable=True))
        op.create_index(op.f(f"ix_stock_document_{column}"), "stock_document", [column])
    op.create_check_constraint(
        op.f("ck_stock_document_arrival_of_a_shipment"),
        "stock_document",
        "kind <> 'arrival' OR shipment_id IS NOT NULL",
    )
    op.create_check_constraint(
        op.f("ck_stock_document_count_points"), "stock_document", "(kind = 'count') = (stock_count_id IS NOT NULL)"
    )
    op.add_column("stock_document_line", sa.Column("reason", sa.String(240), nullable=False, server_default=""))
    # An SBBK that takes a part splits a reservation: the plan's line may then stand there twice, once still waiting.
    op.drop_constraint(
        op.f("uq_reservation_plan_run_id_warehouse_id_facility_place_id_stock_lot_id_deliver_on"), "reservation"
    )
    op.create_index(
        "uq_reservation_waiting",
        "reservation",
        ["plan_run_id", "warehouse_id", "facility_place_id", "stock_lot_id", "deliver_on"],
        unique=True,
        postgresql_where=sa.text("issue_id IS NULL AND released_at IS NULL AND order_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_reservation_waiting", "reservation")
    op.create_unique_constraint(
        op.f("uq_reservation_plan_run_id_warehouse_id_facility_place_id_stock_lot_id_deliver_on"),
        "reservation",
        ["plan_run_id", "warehouse_id", "facility_place_id", "stock_lot_id", "deliver_on"],
    )
    op.execute("DROP TRIGGER shipment_fits ON stock_document_line")
    op.execute("DROP FUNCTION shipment_fits()")
    op.execute(LINE_IS_USABLE.format(kinds="'issue_order', 'issue', 'use'"))
    op.execute("DROP TRIGGER compartments ON stock_place")
    op.execute("DROP FUNCTION make_compartments()")
    op.drop_column("stock_document_line", "reason")
    op.drop_constraint(op.f("ck_stock_document_arrival_of_a_shipment"), "stock_document", type_="check")
    op.drop_constraint(op.f("ck_stock_document_count_points"), "stock_document", type_="check")
    op.drop_column("stock_document", "shipment_id")
    op.drop_column("stock_document", "stock_count_id")
    for table in ("stock_request_line", "stock_request", *APPEND_ONLY, "stock_count"):
        op.drop_table(table)
    _replace_check("stock_document", "document_kind", f"kind IN ({_quoted(OLD_KINDS)})")
    op.execute("DELETE FROM stock_place WHERE of_place_id IS NOT NULL")  # refused where a compartment ever held goods
    op.drop_constraint(op.f("ck_stock_place_compartment_by_kind"), "stock_place", type_="check")
    op.drop_column("stock_place", "of_place_id")
    _replace_check("stock_place", "place_kind", f"kind IN ({_quoted(OLD_PLACES)})")
    _replace_check("stock_place", "real_by_kind", "is_real = (kind IN ('warehouse', 'facility'))")

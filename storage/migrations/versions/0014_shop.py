"""What points buy, and who took what."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the database to this version."""
    op.create_table(
        "shop_items",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("area_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_shop_items_stock")),
        sa.CheckConstraint("cost > 0", name=op.f("ck_shop_items_cost")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_shop_items_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_items")),
    )
    op.create_index("ix_shop_items_area_id", "shop_items", ["area_id"])
    op.create_table(
        "redemptions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("entry_id", BIG_ID, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["points_entries.id"], name=op.f("fk_redemptions_entry_id")),
        sa.ForeignKeyConstraint(["item_id"], ["shop_items.id"], name=op.f("fk_redemptions_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_redemptions_person_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_redemptions_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
    )
    op.create_index("ix_redemptions_code_state", "redemptions", ["code", "state"])
    op.create_index("ix_redemptions_person_id", "redemptions", ["person_id"])


def downgrade() -> None:
    """Bring the database back to the version before."""
    op.drop_table("redemptions")
    op.drop_table("shop_items")

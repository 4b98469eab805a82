"""Cases by their words, by area and state, and the newest first; people by name."""

from alembic import op

revision = "0012"
down_revision = "0011"

PAIRS = """CREATE FUNCTION case_pairs(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
SELECT array_to_tsvector(array(
SELECT DISTINCT substr(words, place, 2) FROM generate_series(1, length(words) - 1) AS place)) $$"""
INDEX = """CREATE INDEX ix_cases_pairs ON cases
USING gin (case_pairs(CASE WHEN anonymous THEN place ELSE place || ' ' || text END))"""


def upgrade() -> None:
    """Bring the database to this version."""
    op.drop_index("ix_cases_same", "cases")
    op.create_index("ix_cases_same", "cases", ["community_id", "category", "created_at"])
    op.create_index("ix_cases_area_state", "cases", ["area_id", "state"])
    op.create_index("ix_cases_newest", "cases", ["created_at", "id"])
    op.create_index("ix_people_name", "people", ["name"])
    if op.get_context().dialect.name == "postgresql":
        op.execute(PAIRS)
        op.execute(INDEX)


def downgrade() -> None:
    """Bring the database back to the version before."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_cases_pairs")
        op.execute("DROP FUNCTION case_pairs")
    op.drop_index("ix_people_name", "people")
    op.drop_index("ix_cases_newest", "cases")
    op.drop_index("ix_cases_area_state", "cases")
    op.drop_index("ix_cases_same", "cases")
    op.create_index("ix_cases_same", "cases", ["area_id", "category", "created_at"])

"""habits."""

import sqlalchemy as sa
from alembic import op
import storage.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "habit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("engagement", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made", sa.Date(), nullable=False),
        sa.Column("asked", sa.Date(), nullable=True),
        sa.Column("body", storage.columns.Sealed(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_habit_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_habit")),
        sa.UniqueConstraint("run", "key", name=op.f("uq_habit_run_key")),
    )
    with op.batch_alter_table("habit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_habit_person"), ["person"], unique=False)

    op.create_table(
        "habit_entry",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("habit", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("body", storage.columns.Sealed(), nullable=False),
        sa.ForeignKeyConstraint(["habit"], ["habit.id"], name=op.f("fk_habit_entry_habit")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_habit_entry_person")),
        sa.PrimaryKeyConstraint("run", "key", name=op.f("pk_habit_entry")),
    )
    with op.batch_alter_table("habit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_habit_entry_habit"), ["habit"], unique=False)
        batch_op.create_index(batch_op.f("ix_habit_entry_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("habit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_habit_entry_person"))
        batch_op.drop_index(batch_op.f("ix_habit_entry_habit"))

    op.drop_table("habit_entry")
    with op.batch_alter_table("habit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_habit_person"))

    op.drop_table("habit")

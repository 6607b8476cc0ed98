"""since when a chat is somebody's, the state of sharing that a message was composed under, and whose words are stored."""

import sqlalchemy as sa
from alembic import op
import storage.columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", storage.columns.UtcDateTime(), nullable=True))
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sharing", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("origin", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("composed", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("dialogue_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("worded", storage.columns.Sealed(), nullable=True))
        batch_op.create_index("ix_dialogue_version_person", ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dialogue_version", schema=None) as batch_op:
        batch_op.drop_index("ix_dialogue_version_person")
        batch_op.drop_column("worded")
        batch_op.drop_column("person")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("composed")
        batch_op.drop_column("origin")
        batch_op.drop_column("about")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_column("sharing")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_column("since")

"""since when a client is held, sealed."""

import sqlalchemy as sa
from alembic import op
import storage.columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hold", storage.columns.Sealed(), nullable=True))

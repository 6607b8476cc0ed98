"""what coaches call their clients."""

import sqlalchemy as sa
from alembic import op
import storage.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", storage.columns.Sealed(), nullable=True))

"""erasures

Revision ID: 20261122_0420
Revises: 20261122_0320
Create Date: 2026-11-22 04:20 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0420'
down_revision = '20261122_0410'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('leaving_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('erasure',
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('kept', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_erasure_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_erasure'))
    )
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_asked_at'), ['asked_at'], unique=False)


def downgrade() -> None:
    op.drop_table('erasure')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('leaving_at')

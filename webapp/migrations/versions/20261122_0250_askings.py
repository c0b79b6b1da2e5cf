"""who would like to be introduced

Revision ID: 20261122_0250
Revises: 20261122_0240
Create Date: 2026-11-22 02:50 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0250'
down_revision = '20261122_0240'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('asking',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('attendee_id', sa.String(length=16), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('has_met_nobody', sa.Boolean(), nullable=False),
    sa.Column('helper_id', sa.String(length=16), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('introduced_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id', 'attendee_id'], ['attendee.event_id', 'attendee.id'], name=op.f('fk_asking_event_id_attendee_id')),
    sa.ForeignKeyConstraint(['helper_id'], ['person.id'], name=op.f('fk_asking_helper_id')),
    sa.PrimaryKeyConstraint('event_id', 'attendee_id', name=op.f('pk_asking'))
    )
    with op.batch_alter_table('asking', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asking_helper_id'), ['helper_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('asking', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_asking_helper_id'))

    op.drop_table('asking')

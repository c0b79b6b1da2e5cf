"""guest lists and their sources

Revision ID: 20261122_0100
Revises: 20261121_2350
Create Date: 2026-11-22 01:00 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0100'
down_revision = '20261121_2350'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('guest_list',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('uploaded_by_id', sa.String(length=16), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('chosen', sa.JSON(), nullable=False),
    sa.Column('next_row', sa.Integer(), nullable=False),
    sa.Column('tally', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_guest_list_event_id')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['person.id'], name=op.f('fk_guest_list_uploaded_by_id')),
    sa.PrimaryKeyConstraint('event_id', 'id', name=op.f('pk_guest_list'))
    )
    with op.batch_alter_table('guest_list', schema=None) as batch_op:
        batch_op.create_index('ix_guest_list_created_at', ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_guest_list_uploaded_by_id'), ['uploaded_by_id'], unique=False)

    op.create_table('guest_source',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('attendee_id', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'attendee_id'], ['attendee.event_id', 'attendee.id'], name=op.f('fk_guest_source_event_id_attendee_id')),
    sa.PrimaryKeyConstraint('event_id', 'source', 'key', name=op.f('pk_guest_source'))
    )
    with op.batch_alter_table('guest_source', schema=None) as batch_op:
        batch_op.create_index('ix_guest_source_event_id_attendee_id', ['event_id', 'attendee_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('guest_source', schema=None) as batch_op:
        batch_op.drop_index('ix_guest_source_event_id_attendee_id')

    op.drop_table('guest_source')
    with op.batch_alter_table('guest_list', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guest_list_uploaded_by_id'))
        batch_op.drop_index('ix_guest_list_created_at')

    op.drop_table('guest_list')

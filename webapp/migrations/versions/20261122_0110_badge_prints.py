"""prints of badges

Revision ID: 20261122_0110
Revises: 20261122_0100
Create Date: 2026-11-22 01:10 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0110'
down_revision = '20261122_0100'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('badge_print',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('layout', sa.Text(), nullable=False),
    sa.Column('has_backs', sa.Boolean(), nullable=False),
    sa.Column('has_groups', sa.Boolean(), nullable=False),
    sa.Column('asked_by_id', sa.String(length=16), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_badge_print_asked_by_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_badge_print_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'id', name=op.f('pk_badge_print'))
    )
    with op.batch_alter_table('badge_print', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_badge_print_asked_by_id'), ['asked_by_id'], unique=False)

    op.create_table('printed_badge',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('print_id', sa.String(length=16), nullable=False),
    sa.Column('badge_id', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'badge_id'], ['badge.event_id', 'badge.id'], name=op.f('fk_printed_badge_event_id_badge_id')),
    sa.ForeignKeyConstraint(['event_id', 'print_id'], ['badge_print.event_id', 'badge_print.id'], name=op.f('fk_printed_badge_event_id_print_id')),
    sa.PrimaryKeyConstraint('event_id', 'print_id', 'badge_id', name=op.f('pk_printed_badge'))
    )
    with op.batch_alter_table('printed_badge', schema=None) as batch_op:
        batch_op.create_index('ix_printed_badge_event_id_badge_id', ['event_id', 'badge_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('printed_badge', schema=None) as batch_op:
        batch_op.drop_index('ix_printed_badge_event_id_badge_id')

    op.drop_table('printed_badge')
    with op.batch_alter_table('badge_print', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_badge_print_asked_by_id'))

    op.drop_table('badge_print')

"""a member hands a candidate to the colleague who knows; the index of talks holds both sides

Revision ID: 20261122_0530
Revises: 20261122_0520
Create Date: 2026-11-22 05:30 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0530'
down_revision = '20261122_0520'
branch_labels = None
depends_on = None

WAITING = sa.text('answered_at IS NULL AND ended_at IS NULL')


def upgrade() -> None:
    op.create_table('handover',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('from_id', sa.String(length=16), nullable=False),
    sa.Column('to_id', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_accepted', sa.Boolean(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_handover_event_id_team_id')),
    sa.ForeignKeyConstraint(['from_id'], ['person.id'], name=op.f('fk_handover_from_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_handover_person_id')),
    sa.ForeignKeyConstraint(['to_id'], ['person.id'], name=op.f('fk_handover_to_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'id', name=op.f('pk_handover'))
    )
    op.create_index(op.f('ix_handover_from_id'), 'handover', ['from_id'], unique=False)
    op.create_index('ix_handover_of_person', 'handover', ['event_id', 'team_id', 'person_id'], unique=False)
    op.create_index(op.f('ix_handover_person_id'), 'handover', ['person_id'], unique=False)
    op.create_index(op.f('ix_handover_to_id'), 'handover', ['to_id'], unique=False)
    op.create_index('uq_handover_one_waiting', 'handover', ['event_id', 'team_id', 'person_id'], unique=True, sqlite_where=WAITING, postgresql_where=WAITING)
    op.drop_index('ix_conversation_high', table_name='conversation')
    op.create_index('ix_conversation_high', 'conversation', ['event_id', 'high_id', 'low_id'], unique=False)
    with op.batch_alter_table('history_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('to_id', sa.String(length=16), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_history_entry_to_id'), 'person', ['to_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_history_entry_to_id'), ['to_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('history_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_history_entry_to_id'))
        batch_op.drop_constraint(batch_op.f('fk_history_entry_to_id'), type_='foreignkey')
        batch_op.drop_column('to_id')
    op.drop_index('ix_conversation_high', table_name='conversation')
    op.create_index('ix_conversation_high', 'conversation', ['event_id', 'high_id'], unique=False)
    op.drop_table('handover')

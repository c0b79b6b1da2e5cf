"""teams, who agreed to be seen by them, and what they note

Revision ID: 20261122_0500
Revises: 20261122_0420
Create Date: 2026-11-22 05:00 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0500'
down_revision = '20261122_0420'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('role', schema=None) as batch_op:
        batch_op.add_column(sa.Column('team_name', sa.Text(), server_default=sa.text("''"), nullable=False))

    op.create_table('team',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_team_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'id', name=op.f('pk_team')),
    sa.UniqueConstraint('event_id', 'name', name=op.f('uq_team_event_id_name'))
    )
    op.create_table('agreement',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_agreement_event_id_team_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_agreement_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'person_id', name=op.f('pk_agreement'))
    )
    op.create_index(op.f('ix_agreement_person_id'), 'agreement', ['person_id'], unique=False)
    op.create_table('history_entry',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('by_id', sa.String(length=16), nullable=True),
    sa.Column('step', sa.Enum('agreed', 'moved', 'planned', name='step', native_enum=False, length=32), nullable=False),
    sa.Column('told', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_history_entry_by_id')),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_history_entry_event_id_team_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_history_entry_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'id', name=op.f('pk_history_entry'))
    )
    op.create_index(op.f('ix_history_entry_by_id'), 'history_entry', ['by_id'], unique=False)
    op.create_index('ix_history_entry_of_person', 'history_entry', ['event_id', 'team_id', 'person_id', 'done_at'], unique=False)
    op.create_index(op.f('ix_history_entry_person_id'), 'history_entry', ['person_id'], unique=False)
    op.create_table('stage',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_stage_event_id_team_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'id', name=op.f('pk_stage'))
    )
    op.create_table('team_invitation',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('is_admin', sa.Boolean(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_team_invitation_event_id_team_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'address', name=op.f('pk_team_invitation'))
    )
    op.create_index(op.f('ix_team_invitation_address'), 'team_invitation', ['address'], unique=False)
    op.create_table('team_member',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('is_admin', sa.Boolean(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_team_member_event_id_team_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_member_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'person_id', name=op.f('pk_team_member'))
    )
    op.create_index('ix_team_member_event_id_team_id', 'team_member', ['event_id', 'team_id'], unique=False)
    op.create_index(op.f('ix_team_member_person_id'), 'team_member', ['person_id'], unique=False)
    op.create_table('standing',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('stage_id', sa.String(length=16), nullable=False),
    sa.Column('owner_id', sa.String(length=16), nullable=True),
    sa.Column('next_step', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('changes', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_standing_changed_by_id')),
    sa.ForeignKeyConstraint(['event_id', 'team_id', 'stage_id'], ['stage.event_id', 'stage.team_id', 'stage.id'], name=op.f('fk_standing_event_id_team_id_stage_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_standing_owner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_standing_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'person_id', name=op.f('pk_standing'))
    )
    op.create_index(op.f('ix_standing_changed_by_id'), 'standing', ['changed_by_id'], unique=False)
    op.create_index(op.f('ix_standing_owner_id'), 'standing', ['owner_id'], unique=False)
    op.create_index(op.f('ix_standing_person_id'), 'standing', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('standing')
    op.drop_table('team_member')
    op.drop_table('team_invitation')
    op.drop_table('stage')
    op.drop_table('history_entry')
    op.drop_table('agreement')
    op.drop_table('team')
    with op.batch_alter_table('role', schema=None) as batch_op:
        batch_op.drop_column('team_name')

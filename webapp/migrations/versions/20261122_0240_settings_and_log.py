"""settings of events, transfers, and the log

Revision ID: 20261122_0240
Revises: 20261122_0110
Create Date: 2026-11-22 02:40 UTC
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '20261122_0240'
down_revision = '20261122_0110'
branch_labels = None
depends_on = None


def settings() -> list[sa.Column[Any]]:
    """Return what events can be told from now on."""
    return [
    sa.Column('language', sa.Text(), server_default='en', nullable=False),
    sa.Column('has_organisations', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('has_headlines', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('has_groups', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('retention_months', sa.Integer(), server_default=sa.text('6'), nullable=False),
    sa.Column('may_mail_unclaimed', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('has_discreet_subjects', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erasure_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    for column in settings():
        op.add_column('event', column)
    op.execute(
        'UPDATE event SET published_at ='
        ' (SELECT min(taken_at) FROM snapshot WHERE snapshot.event_id = event.id)'
    )
    op.add_column('invitation', sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_note_event_id_about_id', 'note', ['event_id', 'about_id'], unique=False)
    organiser = sa.text("name = 'organiser'")
    op.create_index('uq_role_event_id_organiser', 'role', ['event_id'], unique=True, sqlite_where=organiser, postgresql_where=organiser)
    op.create_table('transfer',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_transfer_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_transfer_person_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_transfer'))
    )
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transfer_person_id'), ['person_id'], unique=False)

    op.create_table('audit_entry',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('actor_id', sa.String(length=16), nullable=True),
    sa.Column('attendee_id', sa.String(length=16), nullable=True),
    sa.Column('person_id', sa.String(length=16), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_audit_entry_actor_id')),
    sa.ForeignKeyConstraint(['event_id', 'attendee_id'], ['attendee.event_id', 'attendee.id'], name=op.f('fk_audit_entry_event_id_attendee_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_audit_entry_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_audit_entry_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_audit_entry_event_id_attendee_id', ['event_id', 'attendee_id'], unique=False)
        batch_op.create_index('ix_audit_entry_event_id_done_at', ['event_id', 'done_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('audit_entry')
    op.drop_table('transfer')
    op.drop_index('uq_role_event_id_organiser', 'role')
    op.drop_index('ix_note_event_id_about_id', 'note')
    op.drop_column('invitation', 'withdrawn_at')
    for column in settings():
        op.drop_column('event', column.name)

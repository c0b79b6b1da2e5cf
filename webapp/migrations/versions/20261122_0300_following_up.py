"""promises, sides of a tie, introductions and outcomes

Revision ID: 20261122_0300
Revises: 20261122_0255
Create Date: 2026-11-22 03:00 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0300'
down_revision = '20261122_0255'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('introduction',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('by_id', sa.String(length=16), nullable=False),
    sa.Column('low_id', sa.String(length=16), nullable=False),
    sa.Column('high_id', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_silent', sa.Boolean(), nullable=False),
    sa.Column('low_accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('high_accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('low_declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('high_declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('by_id <> low_id AND by_id <> high_id', name=op.f('ck_introduction_of_two_others')),
    sa.CheckConstraint('low_id < high_id', name=op.f('ck_introduction_ordered_pair')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_introduction_by_id')),
    sa.ForeignKeyConstraint(['high_id'], ['person.id'], name=op.f('fk_introduction_high_id')),
    sa.ForeignKeyConstraint(['low_id'], ['person.id'], name=op.f('fk_introduction_low_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_introduction'))
    )
    with op.batch_alter_table('introduction', schema=None) as batch_op:
        batch_op.create_index('ix_introduction_by_id', ['by_id', 'proposed_at'], unique=False)
        batch_op.create_index('ix_introduction_high_id', ['high_id', 'proposed_at'], unique=False)
        batch_op.create_index('ix_introduction_low_id', ['low_id', 'proposed_at'], unique=False)

    op.create_table('outcome',
    sa.Column('tie_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('asked_days', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('nothing_yet', 'advice', 'collaboration', 'deal', 'job', 'other', name='outcomekind', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_outcome_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_outcome_person_id')),
    sa.ForeignKeyConstraint(['tie_id'], ['tie.id'], name=op.f('fk_outcome_tie_id')),
    sa.PrimaryKeyConstraint('tie_id', 'person_id', 'id', name=op.f('pk_outcome'))
    )
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outcome_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outcome_person_id'), ['person_id'], unique=False)

    op.create_table('promise',
    sa.Column('tie_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('by_id', sa.String(length=16), nullable=False),
    sa.Column('to_id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.Enum('send_link', 'introduce', 'meet_again', 'own_words', name='promisekind', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('confirmed_at IS NULL OR kept_at IS NOT NULL', name=op.f('ck_promise_kept_first')),
    sa.CheckConstraint('kept_at IS NULL OR dropped_at IS NULL', name=op.f('ck_promise_kept_or_dropped')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_promise_by_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_promise_event_id')),
    sa.ForeignKeyConstraint(['tie_id'], ['tie.id'], name=op.f('fk_promise_tie_id')),
    sa.ForeignKeyConstraint(['to_id'], ['person.id'], name=op.f('fk_promise_to_id')),
    sa.PrimaryKeyConstraint('tie_id', 'id', name=op.f('pk_promise'))
    )
    with op.batch_alter_table('promise', schema=None) as batch_op:
        batch_op.create_index('ix_promise_event_id', ['event_id'], unique=False)
        batch_op.create_index('ix_promise_owed', ['by_id', 'due_on'], unique=False, sqlite_where=sa.text('kept_at IS NULL AND dropped_at IS NULL'), postgresql_where=sa.text('kept_at IS NULL AND dropped_at IS NULL'))
        batch_op.create_index('ix_promise_to_id', ['to_id', 'made_at'], unique=False)

    op.create_table('tie_side',
    sa.Column('tie_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('depth', sa.Enum('hello', 'ideas', 'mattered', name='depth', native_enum=False, length=32), nullable=True),
    sa.Column('rhythm', sa.Enum('none', 'monthly', 'quarterly', 'yearly', name='rhythm', native_enum=False, length=32), nullable=False),
    sa.Column('rhythm_set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('link_opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('followed_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_tie_side_person_id')),
    sa.ForeignKeyConstraint(['tie_id'], ['tie.id'], name=op.f('fk_tie_side_tie_id')),
    sa.PrimaryKeyConstraint('tie_id', 'person_id', name=op.f('pk_tie_side'))
    )
    with op.batch_alter_table('tie_side', schema=None) as batch_op:
        batch_op.create_index('ix_tie_side_rhythm', ['person_id'], unique=False, sqlite_where=sa.text("rhythm <> 'none'"), postgresql_where=sa.text("rhythm <> 'none'"))

    op.create_table('used_message',
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('tie_id', sa.String(length=16), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_used_message_person_id')),
    sa.ForeignKeyConstraint(['tie_id'], ['tie.id'], name=op.f('fk_used_message_tie_id')),
    sa.PrimaryKeyConstraint('person_id', 'digest', 'tie_id', name=op.f('pk_used_message'))
    )
    with op.batch_alter_table('used_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_used_message_tie_id'), ['tie_id'], unique=False)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('says_depth', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('says_depth')

    with op.batch_alter_table('used_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_used_message_tie_id'))

    op.drop_table('used_message')
    with op.batch_alter_table('tie_side', schema=None) as batch_op:
        batch_op.drop_index('ix_tie_side_rhythm', sqlite_where=sa.text("rhythm <> 'none'"), postgresql_where=sa.text("rhythm <> 'none'"))

    op.drop_table('tie_side')
    with op.batch_alter_table('promise', schema=None) as batch_op:
        batch_op.drop_index('ix_promise_to_id')
        batch_op.drop_index('ix_promise_owed', sqlite_where=sa.text('kept_at IS NULL AND dropped_at IS NULL'), postgresql_where=sa.text('kept_at IS NULL AND dropped_at IS NULL'))
        batch_op.drop_index('ix_promise_event_id')

    op.drop_table('promise')
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outcome_person_id'))
        batch_op.drop_index(batch_op.f('ix_outcome_event_id'))

    op.drop_table('outcome')
    with op.batch_alter_table('introduction', schema=None) as batch_op:
        batch_op.drop_index('ix_introduction_low_id')
        batch_op.drop_index('ix_introduction_high_id')
        batch_op.drop_index('ix_introduction_by_id')

    op.drop_table('introduction')

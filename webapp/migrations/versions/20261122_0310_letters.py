"""wishes about letters, days of letters, what stops them, and runs of periodic tasks

Revision ID: 20261122_0310
Revises: 20261122_0300
Create Date: 2026-11-22 03:10 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0310'
down_revision = '20261122_0300'
branch_labels = None
depends_on = None

KINDS = sa.Enum('morning', 'reminder', 'round_up', 'guest', name='letterkind', native_enum=False, length=32)
REASONS = sa.Enum('asked', 'undeliverable', name='stopreason', native_enum=False, length=32)
TROUBLES = sa.Enum('later', 'away', 'ours', 'nobody', 'refused', 'unwritable', 'too_late', 'unwanted', 'given_up', name='trouble', native_enum=False, length=32)


def upgrade() -> None:
    op.create_table('letter_day',
    sa.Column('reader', sa.Text(), nullable=False),
    sa.Column('day_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('reader', 'day_on', name=op.f('pk_letter_day'))
    )
    op.create_table('stop',
    sa.Column('address_digest', sa.Text(), nullable=False),
    sa.Column('reason', REASONS, nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('address_digest', 'reason', name=op.f('pk_stop'))
    )
    op.create_table('wish',
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('kind', KINDS, nullable=False),
    sa.Column('is_wanted', sa.Boolean(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_wish_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'kind', name=op.f('pk_wish'))
    )
    op.create_table('task_run',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_task_run'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('letter', KINDS, nullable=True))
        batch_op.add_column(sa.Column('reader', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('stop_url', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('trouble', TROUBLES, nullable=True))
        batch_op.create_index(batch_op.f('ix_mail_reader'), ['reader'], unique=False)
        batch_op.create_index('ix_mail_gave_up_at', ['gave_up_at'], unique=False, sqlite_where=sa.text('gave_up_at IS NOT NULL'), postgresql_where=sa.text('gave_up_at IS NOT NULL'))


def downgrade() -> None:
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index('ix_mail_gave_up_at', sqlite_where=sa.text('gave_up_at IS NOT NULL'), postgresql_where=sa.text('gave_up_at IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_mail_reader'))
        batch_op.drop_column('trouble')
        batch_op.drop_column('stop_url')
        batch_op.drop_column('reader')
        batch_op.drop_column('letter')
        batch_op.drop_column('expires_at')

    op.drop_table('task_run')
    op.drop_table('wish')
    op.drop_table('stop')
    op.drop_table('letter_day')

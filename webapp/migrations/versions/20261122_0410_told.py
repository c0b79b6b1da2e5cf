"""what letters have told, and when the app looked

Revision ID: 20261122_0410
Revises: 20261122_0320
Create Date: 2026-11-22 04:10 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0410'
down_revision = '20261122_0320'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('told',
    sa.Column('reader', sa.Text(), nullable=False),
    sa.Column('topic', sa.Enum('met', 'promise', 'check_in', 'outcome', 'introduction', 'round_up', 'guest', name='topic', native_enum=False, length=32), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('mail_id', sa.String(length=16), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('reader', 'topic', 'about', name=op.f('pk_told'))
    )
    op.create_index(op.f('ix_told_told_at'), 'told', ['told_at'], unique=False)
    op.create_table('morning',
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('looked_on', sa.Date(), nullable=False),
    sa.Column('wrote_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_morning_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_morning'))
    )


def downgrade() -> None:
    op.drop_table('morning')
    op.drop_table('told')

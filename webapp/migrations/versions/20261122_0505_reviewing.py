"""what came of a talk for a team, and the orders of its lists

Revision ID: 20261122_0505
Revises: 20261122_0500
Create Date: 2026-11-22 05:05 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0505'
down_revision = '20261122_0500'
branch_labels = None
depends_on = None

OUTCOMES = sa.Enum('nothing_yet', 'interview', 'hire', 'deal', name='teamoutcome', native_enum=False, length=32)


def upgrade() -> None:
    op.create_index('ix_agreement_latest', 'agreement', ['event_id', 'team_id', 'agreed_at', 'person_id'], unique=False)
    op.add_column('standing', sa.Column('outcome', OUTCOMES, nullable=True))
    op.add_column('standing', sa.Column('outcome_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_standing_next', 'standing', ['event_id', 'team_id', 'next_on', 'person_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_standing_next', table_name='standing')
    op.drop_column('standing', 'outcome_at')
    op.drop_column('standing', 'outcome')
    op.drop_index('ix_agreement_latest', table_name='agreement')

"""what left a team as a file, and who was in it

Revision ID: 20261122_0520
Revises: 20261122_0510
Create Date: 2026-11-22 05:20 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0520'
down_revision = '20261122_0510'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('export',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('by_id', sa.String(length=16), nullable=False),
    sa.Column('preset', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_export_by_id')),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_export_event_id_team_id')),
    sa.PrimaryKeyConstraint('event_id', 'id', name=op.f('pk_export'))
    )
    op.create_index(op.f('ix_export_by_id'), 'export', ['by_id'], unique=False)
    op.create_index('ix_export_of_team', 'export', ['event_id', 'team_id', 'made_at'], unique=False)
    op.create_table('exported_person',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('export_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'export_id'], ['export.event_id', 'export.id'], name=op.f('fk_exported_person_event_id_export_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_exported_person_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'export_id', 'person_id', name=op.f('pk_exported_person'))
    )
    op.create_index(op.f('ix_exported_person_person_id'), 'exported_person', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('exported_person')
    op.drop_table('export')

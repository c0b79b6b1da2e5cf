"""who gets a link

Revision ID: 20261122_0320
Revises: 20261122_0310
Create Date: 2026-11-22 03:20 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0320'
down_revision = '20261122_0310'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audience', sa.Enum('everyone', 'ask', 'never_recruiters', name='audience', native_enum=False, length=32), server_default='everyone', nullable=False))
        batch_op.add_column(sa.Column('place', sa.Integer(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('link_answer',
    sa.Column('tie_id', sa.String(length=16), nullable=False),
    sa.Column('link_id', sa.String(length=16), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['link.id'], name=op.f('fk_link_answer_link_id')),
    sa.ForeignKeyConstraint(['tie_id'], ['tie.id'], name=op.f('fk_link_answer_tie_id')),
    sa.PrimaryKeyConstraint('tie_id', 'link_id', name=op.f('pk_link_answer'))
    )
    with op.batch_alter_table('link_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_answer_link_id'), ['link_id'], unique=False)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('has_recruited', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.execute(
        "UPDATE person SET has_recruited = TRUE"
        " WHERE id IN (SELECT person_id FROM role WHERE name = 'recruiter')"
    )


def downgrade() -> None:
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('has_recruited')

    with op.batch_alter_table('link_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_link_answer_link_id'))

    op.drop_table('link_answer')
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.drop_column('removed_at')
        batch_op.drop_column('place')
        batch_op.drop_column('audience')

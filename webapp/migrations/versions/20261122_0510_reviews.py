"""openings with criteria, reviews against them, and notes of a team

Revision ID: 20261122_0510
Revises: 20261122_0505
Create Date: 2026-11-22 05:10 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0510'
down_revision = '20261122_0505'
branch_labels = None
depends_on = None

FOR_AN_OPENING = 'fk_history_entry_event_id_team_id_opening_id'


def upgrade() -> None:
    op.create_table('opening',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changes', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_opening_event_id_team_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'id', name=op.f('pk_opening'))
    )
    op.create_table('criterion',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('opening_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'team_id', 'opening_id'], ['opening.event_id', 'opening.team_id', 'opening.id'], name=op.f('fk_criterion_event_id_team_id_opening_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'opening_id', 'id', name=op.f('pk_criterion'))
    )
    op.create_table('candidate_review',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('opening_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('reviewer_id', sa.String(length=16), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_knowing_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changes', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'team_id', 'opening_id'], ['opening.event_id', 'opening.team_id', 'opening.id'], name=op.f('fk_candidate_review_event_id_team_id_opening_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_candidate_review_person_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_candidate_review_reviewer_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'opening_id', 'person_id', 'reviewer_id', name=op.f('pk_candidate_review'))
    )
    op.create_index(op.f('ix_candidate_review_person_id'), 'candidate_review', ['person_id'], unique=False)
    op.create_index(op.f('ix_candidate_review_reviewer_id'), 'candidate_review', ['reviewer_id'], unique=False)
    op.create_table('rating',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('opening_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('reviewer_id', sa.String(length=16), nullable=False),
    sa.Column('criterion_id', sa.String(length=16), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.CheckConstraint('score BETWEEN 1 AND 4', name=op.f('ck_rating_four_steps')),
    sa.ForeignKeyConstraint(['event_id', 'team_id', 'opening_id', 'criterion_id'], ['criterion.event_id', 'criterion.team_id', 'criterion.opening_id', 'criterion.id'], name=op.f('fk_rating_event_id_team_id_opening_id_criterion_id')),
    sa.ForeignKeyConstraint(['event_id', 'team_id', 'opening_id', 'person_id', 'reviewer_id'], ['candidate_review.event_id', 'candidate_review.team_id', 'candidate_review.opening_id', 'candidate_review.person_id', 'candidate_review.reviewer_id'], name=op.f('fk_rating_event_id_team_id_opening_id_person_id_reviewer_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'opening_id', 'person_id', 'reviewer_id', 'criterion_id', name=op.f('pk_rating'))
    )
    op.create_index('ix_rating_of_criterion', 'rating', ['event_id', 'team_id', 'opening_id', 'criterion_id'], unique=False)
    op.create_index(op.f('ix_rating_person_id'), 'rating', ['person_id'], unique=False)
    op.create_index(op.f('ix_rating_reviewer_id'), 'rating', ['reviewer_id'], unique=False)
    op.create_table('team_note',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('team_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('author_id', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_team_note_author_id')),
    sa.ForeignKeyConstraint(['event_id', 'team_id'], ['team.event_id', 'team.id'], name=op.f('fk_team_note_event_id_team_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_note_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'team_id', 'id', name=op.f('pk_team_note'))
    )
    op.create_index(op.f('ix_team_note_author_id'), 'team_note', ['author_id'], unique=False)
    op.create_index('ix_team_note_of_person', 'team_note', ['event_id', 'team_id', 'person_id', 'written_at'], unique=False)
    op.create_index(op.f('ix_team_note_person_id'), 'team_note', ['person_id'], unique=False)
    with op.batch_alter_table('history_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('opening_id', sa.String(length=16), nullable=True))
        batch_op.create_foreign_key(op.f(FOR_AN_OPENING), 'opening', ['event_id', 'team_id', 'opening_id'], ['event_id', 'team_id', 'id'])


def downgrade() -> None:
    op.execute("DELETE FROM history_entry WHERE step IN ('reviewed', 'noted')")
    with op.batch_alter_table('history_entry', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(FOR_AN_OPENING), type_='foreignkey')
        batch_op.drop_column('opening_id')

    for table in ('team_note', 'rating', 'candidate_review', 'criterion', 'opening'):
        op.drop_table(table)

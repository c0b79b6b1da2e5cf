"""the desk: finding by folded names, items of helpers, help with claiming

Revision ID: 20261122_0255
Revises: 20261122_0250
Create Date: 2026-11-22 02:55 UTC
"""

import sqlalchemy as sa
from alembic import op

from webapp.core.text import findable

revision = '20261122_0255'
down_revision = '20261122_0250'
branch_labels = None
depends_on = None

PAGE = 5000
ATTENDEE = sa.table(
    'attendee',
    sa.column('event_id', sa.String),
    sa.column('id', sa.String),
    sa.column('name', sa.Text),
    sa.column('organisation', sa.Text),
    sa.column('folded', sa.Text),
)


def upgrade() -> None:
    op.add_column('attendee', sa.Column('folded', sa.Text(), server_default=sa.text("''"), nullable=False))
    fold()
    op.create_index('ix_attendee_event_id_folded', 'attendee', ['event_id', 'folded', 'id'], unique=False)
    op.create_table('desk_item',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('by_id', sa.String(length=16), nullable=False),
    sa.Column('nonce', sa.Text(), nullable=False),
    sa.Column('attendee_id', sa.String(length=16), nullable=False),
    sa.Column('body_digest', sa.Text(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('came_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_desk_item_by_id')),
    sa.ForeignKeyConstraint(['event_id', 'attendee_id'], ['attendee.event_id', 'attendee.id'], name=op.f('fk_desk_item_event_id_attendee_id')),
    sa.PrimaryKeyConstraint('event_id', 'by_id', 'nonce', name=op.f('pk_desk_item'))
    )
    op.create_index(op.f('ix_desk_item_by_id'), 'desk_item', ['by_id'], unique=False)
    op.create_index('ix_desk_item_event_id_attendee_id', 'desk_item', ['event_id', 'attendee_id'], unique=False)
    op.create_table('desk_code',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('code_digest', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_desk_code_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_desk_code_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'person_id', name=op.f('pk_desk_code')),
    sa.UniqueConstraint('event_id', 'code_digest', name=op.f('uq_desk_code_event_id_code_digest'))
    )
    op.create_index(op.f('ix_desk_code_person_id'), 'desk_code', ['person_id'], unique=False)
    op.create_table('vouching',
    sa.Column('event_id', sa.String(length=16), nullable=False),
    sa.Column('attendee_id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('vouched_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'attendee_id'], ['attendee.event_id', 'attendee.id'], name=op.f('fk_vouching_event_id_attendee_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_vouching_person_id')),
    sa.PrimaryKeyConstraint('event_id', 'attendee_id', name=op.f('pk_vouching'))
    )
    op.create_index(op.f('ix_vouching_person_id'), 'vouching', ['person_id'], unique=False)


def fold() -> None:
    """Fold the names of everybody who is on a list already, some thousands at a time."""
    key = ATTENDEE.c.event_id, ATTENDEE.c.id
    last = ('', '')
    connection = op.get_bind()
    while rows := connection.execute(
        sa.select(*key, ATTENDEE.c.name, ATTENDEE.c.organisation)
        .where(sa.tuple_(*key) > sa.tuple_(*map(sa.literal, last)))
        .order_by(*key)
        .limit(PAGE)
    ).all():
        connection.execute(
            sa.update(ATTENDEE)
            .where(ATTENDEE.c.event_id == sa.bindparam('at'), ATTENDEE.c.id == sa.bindparam('who'))
            .values(folded=sa.bindparam('words')),
            [{'at': row[0], 'who': row[1], 'words': findable(row[2], row[3])} for row in rows],
        )
        last = rows[-1][0], rows[-1][1]


def downgrade() -> None:
    op.drop_table('vouching')
    op.drop_table('desk_code')
    op.drop_table('desk_item')
    op.drop_index('ix_attendee_event_id_folded', table_name='attendee')
    op.drop_column('attendee', 'folded')

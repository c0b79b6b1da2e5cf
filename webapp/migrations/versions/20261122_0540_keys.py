"""passkeys, authenticator apps and recovery codes; a device knows how it was proven

Revision ID: 20261122_0540
Revises: 20261122_0530
Create Date: 2026-11-22 05:40 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = '20261122_0540'
down_revision = '20261122_0530'
branch_labels = None
depends_on = None

PROOFS = ('code', 'provider', 'passkey', 'authenticator', 'recovery_code', 'demo')


def upgrade() -> None:
    op.create_table('passkey',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('credential_id', sa.Text(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_passkey_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    op.create_index(op.f('ix_passkey_person_id'), 'passkey', ['person_id'], unique=False)
    op.create_table('authenticator',
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('salt', sa.Text(), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_authenticator_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_authenticator'))
    )
    op.create_table('recovery_code',
    sa.Column('person_id', sa.String(length=16), nullable=False),
    sa.Column('code_digest', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_code_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'code_digest', name=op.f('pk_recovery_code'))
    )
    op.create_table('challenge',
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_challenge'))
    )
    op.create_index(op.f('ix_challenge_asked_at'), 'challenge', ['asked_at'], unique=False)
    with op.batch_alter_table('device', schema=None) as batch_op:
        proof = sa.Enum(*PROOFS, name='proof', native_enum=False, length=32)
        batch_op.add_column(sa.Column('proof', proof, server_default='code', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_column('proof')
    for table in ('challenge', 'recovery_code', 'authenticator', 'passkey'):
        op.drop_table(table)

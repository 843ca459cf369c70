"""${message}

Frozen history: imports nothing from geo. Rename and drop in two releases (add, fill, switch, then remove), because two
versions of the service run side by side during an upgrade; lock_timeout is 5 s because people wait behind a lock.
"""

from __future__ import annotations

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}

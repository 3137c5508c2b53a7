"""Roles of staff and what each may do. Pure.

Who decides never records, who keeps the machines running never sees people, and nobody who
decides or records looks after the accounts of staff.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    CLERK = "clerk"
    MEMBER = "member"
    LEADER = "leader"
    AUDITOR = "auditor"
    MAINTAINER = "maintainer"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """One kind of work in the console."""

    READ = "read"
    """See lists without personal data: notices, standard, calendar."""
    REVIEW = "review"
    """Decide deeds, answer objections, choose awards."""
    LEAD = "lead"
    """Publish changes of the standard, freeze and seal by hand, cosign."""
    DESK = "desk"
    """People, cards, deeds by hand, the shop."""
    OVERSEE = "oversee"
    """See the review's queue, the audit log and exports without deciding anything."""
    TERMINALS = "terminals"
    STAFF = "staff"
    """Accounts of staff, panels, calendars."""


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CLERK: frozenset({Right.READ, Right.DESK}),
    Role.MEMBER: frozenset({Right.READ, Right.REVIEW}),
    Role.LEADER: frozenset({Right.READ, Right.REVIEW, Right.LEAD}),
    Role.AUDITOR: frozenset({Right.READ, Right.OVERSEE}),
    Role.MAINTAINER: frozenset({Right.READ, Right.TERMINALS}),
    Role.ADMINISTRATOR: frozenset({Right.READ, Right.OVERSEE, Right.TERMINALS, Right.STAFF}),
}
ON_A_PANEL = frozenset({Role.MEMBER, Role.LEADER})
OF_A_COMMUNITY = frozenset({Role.CLERK, Role.MEMBER, Role.LEADER})
NEEDS_CODE = frozenset({Role.ADMINISTRATOR})
"""Roles whose password alone opens nothing but the page that sets up one-time codes."""


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]

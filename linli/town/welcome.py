"""What a guest of the simulated town is told: where its pages are, and who they may be there."""

from __future__ import annotations

from linli.sync.phone_links import link_address
from linli.town.belongings import PIN, phones
from linli.town.errands import at_desk
from linli.town.guests import CODE
from linli.town.outposts import NAMES
from linli.town.shopping import LOGIN_CODE
from linli.town.staffing import PASSWORD, STAFF
from linli.town.world import World


def what_a_hand_knows(world: World) -> str:
    """What a guest types at the terminal in somebody's name."""
    people, numbers = at_desk(world), phones(world)
    if len(people) < len(numbers) or "losing" not in people:
        return ""
    lost = numbers[people["losing"].account]
    return (
        f"  Card 1 is reported lost with the phone number {lost} and the PIN {PIN};\n"
        f"  card 4 can be copied, and redeems with the PIN {PIN}. Others choose one first."
    )


def welcome(url: str) -> str:
    """A few lines for the terminal window in which the demo was started."""
    width = max(len(one.login) for one in STAFF)
    logins = "\n".join(f"    {one.login.ljust(width)}  {one.title}（{one.name}）" for one in STAFF)
    return (
        f"  everybody   {url}/\n"
        f"  a resident  {link_address(url, CODE)}\n"
        "    (links one phone in the first ten minutes; clerks give other codes)\n"
        f"  console     {url}/console\n"
        f"  everybody's password: {PASSWORD}\n{logins}\n"
        "    (admin sets up one-time codes first, with any authenticator app)\n"
        f"  merchant    {url}/merchant/login?code={LOGIN_CODE}\n"
        "    (the bakery's, for one phone; the counter gives other codes)"
    )


def for_maintainers(version: str) -> str:
    """What there is to be looked after, and the version that is ready to be rolled out."""
    return (
        f"  maintainers look after {NAMES[0]} … {NAMES[-1]} too, which have no window here:\n"
        f"    {version} may be rolled out to them (批量更新); at {NAMES[-1]} it falls, and\n"
        "    is rolled back. Wrong settings of any terminal come back within two minutes."
    )

"""Finding a person for an operator, by what the person can tell: their id on a platform, or the id in their export."""

from sqlalchemy import Connection, select
from sqlmodel import col

from storage.errors import StorageError
from storage.tables.people import AddressRow, PersonRow


def one_person(connection: Connection, who: str) -> str:
    """The id of the person that `platform:user`, `platform:bot:user` or an id names.

    Raises StorageError when it names nobody, or more than one.
    """
    platform, _, rest = who.partition(":")
    bot, _, user = rest.rpartition(":")
    if not rest:
        wanted = select(col(PersonRow.id)).where(col(PersonRow.id) == who)
    else:
        wanted = select(col(AddressRow.person)).where(
            col(AddressRow.platform) == platform, col(AddressRow.user) == user
        )
        wanted = wanted.where(col(AddressRow.bot) == bot) if bot else wanted
    found = sorted(set(connection.execute(wanted).scalars()))
    if not found:
        raise StorageError(f"Nobody is called {who} here: use telegram:USER, slack:WORKSPACE:USER or an id.")
    if len(found) > 1:
        raise StorageError(f"{who} names {len(found)} people: add the workspace or bot, as in slack:WORKSPACE:USER.")
    return found[0]

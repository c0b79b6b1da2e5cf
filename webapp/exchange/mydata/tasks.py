"""The worker's part: whoever left a day ago is erased, each in a transaction of their own."""

from webapp.core import clock
from webapp.core.db import reading, transaction
from webapp.exchange.mydata.queries import erasures_due
from webapp.exchange.mydata.services import erase


def erase_persons() -> None:
    """Erase everybody who asked for it a day ago; what is cut short is done at the next round."""
    with reading() as session:
        due = erasures_due(session, now=clock.now())
    for person_id in due:
        with transaction() as session:
            erase(session, person_id=person_id, now=clock.now())

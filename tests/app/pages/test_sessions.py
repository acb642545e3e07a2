"""Several people at once on one server: each sees what they asked, and nobody else's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from websockets.asyncio.client import connect

from tests.support.session_client import Person


def test_no_session_sees_the_selection_of_another(site):
    async def visit(day):
        address = site.address.replace("http:", "ws:") + "/_stcore/stream"
        async with connect(address, max_size=None) as line:
            person = Person(line, date(2023, 1, day))
            for filtering in (False, True, True, True):
                await person.run(filtering=filtering)
        return person

    async def crowd():
        return await asyncio.gather(*(visit(day) for day in (3, 4, 5, 6)))

    with ThreadPoolExecutor(1) as beside:  # Playwright has a loop of its own in this thread
        people = beside.submit(lambda: asyncio.run(crowd())).result()
    # The reader of messages fails on a day that is not the session's own.
    assert all(person.seen for person in people)

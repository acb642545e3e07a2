"""Several people at once on one server: each sees what they asked, and nobody else's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from websockets.asyncio.client import connect

from tests.support.session_client import Person

SHEETS = ("940300502", "940000649", "940110042", "")
"""What each looks at beside; the last one at no sheet."""


def test_no_session_sees_the_selection_of_another(site):
    async def visit(day, sheet, page):
        address = site.address.replace("http:", "ws:") + "/_stcore/stream"
        async with connect(address, max_size=None) as line:
            person = Person(line, date(2023, 1, day))
            person.sheet = sheet
            person.go(page)
            for filtering in (False, True, True, True):
                await person.run(filtering=filtering)
        return person

    async def crowd():
        pages = ("reseau", "conventions", "", "reseau")
        days = zip((3, 4, 5, 6), SHEETS, pages, strict=True)
        return await asyncio.gather(*(visit(*each) for each in days))

    with ThreadPoolExecutor(1) as beside:  # Playwright has a loop of its own in this thread
        people = beside.submit(lambda: asyncio.run(crowd())).result()
    # The reader of messages fails on a day or a sheet that is not the session's own.
    assert all(person.seen for person in people)
    assert [bool(person.sheets) for person in people] == [True, True, True, False]
    assert sum(person.faults for person in people) == 0

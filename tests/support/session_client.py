"""A session of the application without a browser: Streamlit's own protocol, message by message."""

import asyncio
import re
import time
from datetime import date

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

TOGGLE = "Partenaires atteints par rattachement"
SHEET_SHOWN = re.compile(rb'"subject":\s*"(\d{9})"')
DAY_SHOWN = re.compile(rb"Situation au (\d+) janvier 2023")


class Person:
    """One session: the day of January 2023 that it asked for, and what it was shown.

    `pages` are the addresses that the application offers, the first one's is empty; `sheet` is the
    structure whose sheet was asked for, shown in `sheets` messages; `faults` counts tracebacks.
    """

    def __init__(self, line: ClientConnection, day: date) -> None:
        self.line = line
        self.day = day
        self.toggle = ""
        self.on = True
        self.seen = 0
        self.page = ""
        self.asked = ""
        self.pages: list[str] = []
        self.sheet = ""
        self.sheets = 0
        self.faults = 0

    def go(self, address: str) -> None:
        """Show the page of this address from the next run on."""
        self.page, self.asked = "", address

    async def run(self, *, filtering: bool) -> float:
        """Ask for a run of the page; return the seconds until all of it has come."""
        message = BackMsg()
        message.rerun_script.query_string = f"date={self.day.isoformat()}"
        if self.sheet:
            message.rerun_script.query_string += f"&fiche={self.sheet}"
        message.rerun_script.page_script_hash = self.page
        if not self.page:
            message.rerun_script.page_name = self.asked
        if filtering and self.toggle:
            self.on = not self.on
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.bool_value = self.toggle, self.on
        started = time.perf_counter()
        await self.line.send(message.SerializeToString())
        while not self.read(await asyncio.wait_for(self.line.recv(decode=False), 120)):
            pass
        return time.perf_counter() - started

    def read(self, data: bytes) -> bool:
        """Take a message in; say whether it is the last of a run."""
        days = {int(found) for found in DAY_SHOWN.findall(data.replace(b"\xc2\xa0", b" "))}
        if days - {self.day.day}:
            raise AssertionError(f"the session of {self.day} was shown {days}")
        sheets = {found.decode() for found in SHEET_SHOWN.findall(data)}
        if sheets - {self.sheet}:
            raise AssertionError(f"the session of the sheet {self.sheet} was shown {sheets}")
        self.seen += len(days)
        self.sheets += len(sheets)
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "new_session":
            self.page = message.new_session.page_script_hash
        if message.WhichOneof("type") == "navigation":
            self.page = message.navigation.page_script_hash
            self.pages = [page.url_pathname for page in message.navigation.app_pages]
        element = message.delta.new_element
        if element.WhichOneof("type") == "checkbox" and element.checkbox.label == TOGGLE:
            self.toggle = element.checkbox.id
        self.faults += element.WhichOneof("type") == "exception"
        finished = ForwardMsg.ScriptFinishedStatus
        return message.WhichOneof("type") == "script_finished" and (
            message.script_finished == finished.FINISHED_SUCCESSFULLY
        )

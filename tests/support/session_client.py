"""A session of the application without a browser: Streamlit's own protocol, message by message."""

import asyncio
import re
import time
from datetime import date

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

TOGGLE = "Partenaires atteints par rattachement"
DAY_SHOWN = re.compile(rb"Situation au (\d+) janvier 2023")


class Person:
    """One session: the day of January 2023 that it asked for, and what it was shown."""

    def __init__(self, line: ClientConnection, day: date) -> None:
        self.line = line
        self.day = day
        self.toggle = ""
        self.on = True
        self.seen = 0
        self.page = ""

    async def run(self, *, filtering: bool) -> float:
        """Ask for a run of the page; return the seconds until all of it has come."""
        message = BackMsg()
        message.rerun_script.query_string = f"date={self.day.isoformat()}"
        message.rerun_script.page_script_hash = self.page
        if filtering:
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
        self.seen += len(days)
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "new_session":
            self.page = message.new_session.page_script_hash
        element = message.delta.new_element
        if element.WhichOneof("type") == "checkbox" and element.checkbox.label == TOGGLE:
            self.toggle = element.checkbox.id
        finished = ForwardMsg.ScriptFinishedStatus
        return message.WhichOneof("type") == "script_finished" and (
            message.script_finished == finished.FINISHED_SUCCESSFULLY
        )

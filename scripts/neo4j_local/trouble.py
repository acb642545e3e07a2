"""What a person can mend: a program that is missing, a server that did not start."""


class ServerTrouble(Exception):  # noqa: N818 - it is what people read: trouble with the server
    """The server could not be fetched, started or stopped; the message says what to do."""

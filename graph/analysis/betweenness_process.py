"""Betweenness in a process of its own: ties on standard input, values on standard output.

rustworkx holds Python until it is done; a process apart can be ended when someone asks for it.
"""

from __future__ import annotations

import sys

import numpy as np

from graph.analysis.betweenness import exact
from graph.analysis.simple import Simple


def main() -> None:
    """Read the ties (int64 pairs), write one float64 a node."""
    ends = np.frombuffer(sys.stdin.buffer.read(), dtype=np.int64).reshape(-1, 2)
    nodes = tuple(range(int(sys.argv[1])))
    simple = Simple(nodes=nodes, ends=ends, weight=np.ones(len(ends)))
    sys.stdout.buffer.write(exact(simple).tobytes())


if __name__ == "__main__":
    main()

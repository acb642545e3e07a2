"""What a figure must hold, checked slowly and plainly on the drawing: boxes, discs, lines."""

import math

from explorer.figures.drawing import POINT, Box, Line, Rect, Symbol, Words
from explorer.figures.lettering import ASCENT, DESCENT, width_of
from explorer.palette import SYMBOLS


def word_box(item):
    """Return the box of a line of text, as high as its letters can be."""
    width = width_of(item.text, item.size, bold=item.bold)
    height = (ASCENT + DESCENT) * item.size * POINT
    left = item.x - {"left": 0, "center": width / 2, "right": width}[item.align]
    if item.turn:
        return Box(item.x - ASCENT * item.size * POINT, item.y - width, height, width)
    return Box(left, item.y - ASCENT * item.size * POINT, width, height)


def disc(item):
    """Return the disc around a symbol."""
    reach = max((math.hypot(x, y) for x, y in SYMBOLS.get(item.symbol, ())), default=1.0)
    return item.x, item.y, item.radius * reach


def away(box, x, y):
    """Return how far a place is from a box."""
    across = max(box.left - x, x - box.right, 0)
    down = max(box.top - y, y - box.bottom, 0)
    return math.hypot(across, down)


def on_line(start, end, box, steps=400):
    """Tell whether a line passes through a box, place by place."""
    (x0, x1), (y0, y1) = (sorted((start[at], end[at])) for at in (0, 1))
    if x1 < box.left or x0 > box.right or y1 < box.top or y0 > box.bottom:
        return False
    for step in range(steps + 1):
        x = start[0] + (end[0] - start[0]) * step / steps
        y = start[1] + (end[1] - start[1]) * step / steps
        if box.left < x < box.right and box.top < y < box.bottom:
            return True
    return False


def group(drawing, name):
    """Return the items of the group `name`."""
    return [item for found in drawing.groups if found.name == name for item in found.items]


def label_boxes(items):
    """Return the box of each name among `items`, all its lines together."""
    boxes = {}
    for item in items:
        if isinstance(item, Words) and item.name.startswith("label:"):
            boxes.setdefault(item.name, []).append(word_box(item))
    return {
        name: Box(
            min(b.left for b in found),
            min(b.top for b in found),
            max(b.right for b in found) - min(b.left for b in found),
            max(b.bottom for b in found) - min(b.top for b in found),
        )
        for name, found in boxes.items()
    }


def faults(labels, symbols, leaders, frame, others=()):
    """Return what is wrong with names: on each other, on symbols, over the frame, on leaders."""
    found = []
    listed = sorted(labels.items())
    for at, (name, box) in enumerate(listed):
        if not frame.holds(box):
            found.append(f"{name} leaves the frame")
        found += [f"{name} on {other}" for other, b in listed[at + 1 :] if box.overlaps(b)]
        found += [f"{name} on a symbol" for x, y, r in symbols if away(box, x, y) < r]
        found += [
            f"{name} on the leader of {other}"
            for other, (start, end) in leaders.items()
            if other != name and on_line(start, end, box)
        ]
        found += [f"{name} on {other}" for other in others if box.overlaps(other)]
    return found


def panel_faults(drawing):
    """Return what is wrong with the names of the main drawing of a network."""
    labels = group(drawing, "labels")
    symbols = [disc(item) for item in group(drawing, "structures") if isinstance(item, Symbol)]
    frame = next(
        i.box for i in group(drawing, "frame") if isinstance(i, Rect) and i.name == "frame"
    )
    insets = [i.box for i in group(drawing, "inset") if isinstance(i, Rect) and i.name == "inset"]
    leaders = {
        item.name.replace("leader:", "label:"): item.points
        for item in labels
        if isinstance(item, Line)
    }
    return faults(label_boxes(labels), symbols, leaders, frame, insets)


def text_faults(drawing):
    """Return which texts leave the sheet or lie on each other."""
    sheet = Box(0, 0, drawing.width, drawing.height)
    boxes = [(item.text, word_box(item)) for item in drawing.items() if isinstance(item, Words)]
    found = [f"{text!r} leaves the sheet" for text, box in boxes if not sheet.holds(box)]
    # letters of two lines of a block may come as close as their leading lets them
    tight = [(text, box.grown(-0.12 * box.height)) for text, box in boxes]
    for at, (text, box) in enumerate(tight):
        found += [f"{text!r} on {other!r}" for other, b in tight[at + 1 :] if box.overlaps(b)]
    return found

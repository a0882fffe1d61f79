"""Writes land.path and border.path from Natural Earth's 1:110m shapes.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 outline.py package/countries-110m.json .

Paths are in tenths of a degree, longitude to the right and latitude downwards.
"""

import collections
import json
import pathlib
import sys

topology = json.load(open(sys.argv[1]))
folder = pathlib.Path(sys.argv[2])
scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
arcs = []
for arc in topology["arcs"]:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((round((x * scale[0] + shift[0]) * 10), round(-(y * scale[1] + shift[1]) * 10)))
    arcs.append(points)


def path(points, closed):
    last = points[0]
    steps = []
    for point in points[1 : -1 if closed else None]:
        if point != last:
            steps.append(f"{point[0] - last[0]} {point[1] - last[1]}")
            last = point
    start = f"M{points[0][0]} {points[0][1]}"
    return start + "l" + " ".join(steps).replace(" -", "-") + ("z" if closed else "") if steps else ""


def rings(geometry):
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring for polygon in polygons for ring in polygon]


land = [ring for shape in topology["objects"]["land"]["geometries"] for ring in rings(shape)]
def unrolled(points):
    """Goes on over the date line instead of jumping back across the map."""
    out, turn = [points[0]], 0
    for before, (x, y) in zip(points, points[1:]):
        turn += 3600 * ((before[0] - x > 1800) - (x - before[0] > 1800))
        out.append((x + turn, y))
    if turn:  # Around the pole.
        out += [(out[-1][0], 900), (out[0][0], 900), out[0]]
    return out


closed = []
for ring in land:
    points = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    closed.append(path(unrolled(points), True))
(folder / "land.path").write_text("".join(closed) + "\n")

# A border is what two countries have in common.
uses = collections.Counter()
for country in topology["objects"]["countries"]["geometries"]:
    uses.update({number if number >= 0 else ~number for ring in rings(country) for number in ring})
borders = [path(unrolled(arcs[number]), False) for number, n in sorted(uses.items()) if n > 1]
(folder / "border.path").write_text("".join(borders) + "\n")

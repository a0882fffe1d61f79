"""Adds articles to a corpus that is served: each has half of one that is there, and half of
another, so that it belongs to two stories.

    python3 bench/load/adds.py BASE SECONDS [PAUSE]

PAUSE is how many seconds lie between the beginnings of two additions, 1 if not told; with 0
one follows another. Prints how many were added and how long that took, until the corpus says
so too.
"""

import json
import random
import statistics
import sys
import time
import urllib.parse
import urllib.request

base, seconds = sys.argv[1], float(sys.argv[2])
pause = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
run = time.time_ns()


def asked(path, body=None):
    headers = {"Content-Type": "text/plain"} if body else {}
    request = urllib.request.Request(base + path, body, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


listed = asked("/api/articles?limit=1000")["items"]
took = []
begun = time.monotonic()
while time.monotonic() < begun + seconds:
    one, other = (
        asked("/api/articles/" + urllib.parse.quote(item["ref"], safe=""))["article"]
        for item in random.sample(listed, 2)
    )
    one, other = one["text"].split("\n\n"), other["text"].split("\n\n")
    text = "\n\n".join(one[: len(one) // 2 + 1] + other[len(other) // 2 :])
    about = {"name": f"{run}-{len(took)}", "outlet": "Load", "published": "2024-03-09"}
    start = time.monotonic()
    items = asked(f"/api/articles?{urllib.parse.urlencode(about)}", text.encode())["items"]
    took.append(1000 * (time.monotonic() - start))
    # The same two halves may meet again.
    assert [item["added"] for item in items] in (["new"], ["known"]), items
    time.sleep(max(0.0, begun + len(took) * pause - time.monotonic()))
took.sort()
print(
    f"added {len(took)}, ms: median {statistics.median(took):.0f},"
    f" 99 % {took[int(0.99 * (len(took) - 1))]:.0f}, slowest {took[-1]:.0f}"
)

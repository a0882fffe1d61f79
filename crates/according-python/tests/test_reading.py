import itertools
import os
import pickle
import subprocess
import threading
import time

import pytest

import according
from according import ReadError, Report

LUND = "Mayor Ada Lund said on Monday that the bridge was closed."


def test_a_claim_is_where_it_says():
    report = according.read(LUND)
    claim = report.claims[0]
    assert claim.speaker.name == "Ada Lund"
    assert report.words(claim.content) == "that the bridge was closed"
    assert [report.text[start:end] for start, end in claim.source] == ["Mayor Ada Lund"]
    assert report.sources[0].name == "Ada Lund" and report.sources[0].claims == (claim.id,)


def test_offsets_are_code_points():
    # Two letters that take four bytes in UTF-8, and two units in UTF-16.
    text = "𝒜𝒷 " + LUND
    report = according.read(text)
    for claim in report.claims:
        for start, end in claim.content:
            assert text[start:end] == report.text[start:end]
    assert report.words(report.claims[0].content) == "that the bridge was closed"


def test_what_is_given_goes_first():
    report = according.read(LUND, ref="bell", outlet="Bay Echo", title="Bridge", published="2024-03-05")
    article = report.article
    assert (report.ref, article.outlet, report.title) == ("bell", "Bay Echo", "Bridge")
    assert article.published == "2024-03-05"
    assert report.times[0].begin == "2024-03-04"


def test_a_page_is_told_from_a_text():
    page = f"<!DOCTYPE html><html><head><title>Bridge</title></head><body><article><p>{LUND}</p>" \
           f"<p>The clerk Pim Rask added that ferries would run instead.</p></article></body></html>"
    for source in (page, page.encode(), {"html": page, "id": "x"}):
        report = according.read(source)
        assert "<p>" not in report.text and report.claims
        assert report.article.blocks[0].selector


def test_files_and_mappings_are_read(paths, tmp_path):
    report = according.read(paths[0])
    assert report.ref == str(paths[0]) and report.claims
    import datetime
    known = {"text": LUND, "id": 7, "byline": "A. Roe", "published": datetime.date(2024, 3, 5)}
    article = according.read(known).article
    assert (article.ref, article.byline, article.published) == ("7", ("A. Roe",), "2024-03-05")


def test_what_cannot_be_read_says_why(tmp_path):
    for source, why in ((3, "no int"), ({"id": "x"}, 'no "text"'), (tmp_path / "none", "opened")):
        with pytest.raises(ReadError, match=why):
            according.read(source)
    for options in ({"published": "soon"}, {"min_confidence": 2.0}, {"acts": ["shouting"]},
                    {"protect_sources": True, "min_confidence": 0.5}):
        with pytest.raises(ValueError):
            according.read(LUND, **options)
    with pytest.raises(OSError, match="no pipeline called"):
        according.read(LUND, pipeline="no_such_pipeline")


def test_many_keep_their_order_and_failures_their_place(texts):
    sources = [texts[0], 3, LUND, {"id": "bad"}, texts[1]]
    for threads in (1, 2, 5):
        found = list(according.read_many(sources, threads=threads))
        assert [type(f) for f in found] == [Report, ReadError, Report, ReadError, Report]
        assert found[2].text == LUND and found[1].name == "1"
        assert found[0].text == texts[0] and found[4].text == texts[1]


def test_threads_change_nothing(texts):
    lines = lambda threads: [r.to_json() for r in according.read_many(texts * 3, threads=threads)]
    assert lines(1) == lines(2) == lines(4)


def test_reading_is_what_the_command_does(paths):
    command = os.environ.get("ACCORDING_COMMAND")
    if command is None:
        pytest.skip("ACCORDING_COMMAND tells the program to compare with")
    done = subprocess.run([command, "read", "--format", "jsonl", *paths], capture_output=True, check=True)
    expected = done.stdout.decode().splitlines()
    assert [report.to_json() for report in according.read_many(paths)] == expected


def test_an_endless_feed_is_held_in_bounds():
    taken = 0

    def feed():
        nonlocal taken
        for n in itertools.count():
            taken = n
            yield LUND

    for n, report in zip(range(40), according.read_many(feed(), threads=2)):
        assert taken <= n + 2 * 8 + 1
        assert isinstance(report, Report)


def test_an_error_of_the_feed_is_the_callers():
    def feed():
        yield LUND
        raise KeyError("gone")

    found = according.read_many(feed(), threads=2)
    with pytest.raises(KeyError):
        list(found)


def test_others_run_while_we_read(texts):
    """Python's lock is not held."""
    turns, stop = 0, False

    def count():
        nonlocal turns
        while not stop:
            turns += 1
            time.sleep(0)

    counter = threading.Thread(target=count)
    counter.start()
    begun = time.perf_counter()
    before = turns
    list(according.read_many(texts * 8, threads=1))
    took = time.perf_counter() - begun
    during = turns - before
    stop = True
    counter.join()
    # Were the lock held, there would be a turn for each text at most.
    assert during > len(texts) * 8 * 5, (during, took)


def test_several_threads_may_read_at_once():
    found = []

    def one():
        found.append([r.to_json() for r in according.read_many([LUND] * 5, threads=2)])

    workers = [threading.Thread(target=one) for _ in range(4)]
    [w.start() for w in workers]
    [w.join() for w in workers]
    assert len(found) == 4 and all(f[0] == found[0][0] for f in found)


def test_containers_hold_many(tmp_path):
    feed = '<rss><channel><title>Bay Echo</title>' \
           f'<item><title>Bridge</title><description>{LUND}</description></item>' \
           '<item><title>Bro</item>' \
           f'<item><title>Ferry</title><description>{LUND}</description></item></channel></rss>'
    path = tmp_path / "today.xml"
    path.write_text(feed)
    for source in (path, str(path), feed.encode()):
        found = list(according.read_many(according.documents(source, name="today.xml")))
        assert [type(f) for f in found] == [Report, ReadError, Report]
        assert found[0].article.outlet == "Bay Echo"
        assert found[0].article.locator.endswith("today.xml#item=1")
    with pytest.raises(ReadError, match="more than one text"):
        according.read(path)


def test_sources_are_protected():
    text = "A night nurse at Dravik hospital said that the generator failed."
    report = according.read(text, protect_sources=True)
    assert "nurse" not in report.to_json() and "Dravik" not in report.to_json()
    protected, removed = according.read(text).protected()
    assert "1 source without a name is protected" in removed
    assert protected == report


def test_a_report_is_a_value(reports):
    report = reports[0]
    assert pickle.loads(pickle.dumps(report)) == report
    assert Report.from_json(report.to_json()) == report
    assert report != reports[1] and len({report, reports[1], report}) == 2
    with pytest.raises(ValueError, match="no report"):
        Report.from_json("{}")

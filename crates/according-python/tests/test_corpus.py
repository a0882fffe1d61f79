import pytest

import according

FIRE = [
    {"id": "bell", "outlet": "Morning Bell", "published": "2024-03-05",
     "text": "Fire broke out at the Orlin refinery on Monday night, and two watchmen were hurt, "
             "harbour police said. Mayor Ada Lund said that the harbour would stay closed."},
    {"id": "globe", "outlet": "Evening Globe", "published": "2024-03-06",
     "text": "Two watchmen were hurt when fire broke out at the Orlin refinery on Monday night, "
             "according to harbour police. The company said that the fire was out."},
    {"id": "herald", "outlet": "Quay Herald", "published": "2024-03-07",
     "text": "The Orlin refinery denied that two watchmen were hurt in the fire on Monday night."},
]


@pytest.fixture(params=["file", "server"])
def corpus(request, tmp_path):
    is_file = request.param == "file"
    corpus = according.Corpus(tmp_path / "news.db" if is_file else request.getfixturevalue("server"))
    added = corpus.add(FIRE + [{"id": "bad"}], threads=2)
    assert (added.new, added.changed, added.known) == (3, 0, 0)
    assert [error.name for error in added.errors] == ["bad"]
    return corpus


def test_what_was_added_is_there(corpus):
    assert len(corpus) == 3
    assert [report.ref for report in corpus] == ["bell", "globe", "herald"]
    assert corpus["globe"].article.outlet == "Evening Globe"
    with pytest.raises(KeyError):
        corpus["nothing"]
    again = corpus.add(FIRE, settle=False)
    assert (again.new, again.known) == (0, 3)
    corpus.settle()


def test_it_answers(corpus):
    assert {hit.ref for hit in corpus.search("watchmen")} == {"bell", "globe", "herald"}
    assert [hit.ref for hit in corpus.search('"stay closed"', outlet="bell")] == ["bell"]
    assert corpus.search(from_="2024-03-07", to="2024-03-07")[0].ref == "herald"
    report = corpus.origins()
    assert [article.ref for article in report.articles] == ["bell", "globe", "herald"]
    claim = report.claims[0]
    assert {support.article for support in claim.supports} >= {"bell", "globe"}
    assert corpus.claim(claim.id) == claim
    assert corpus.claim("K999") is None
    for support in claim.supports:
        assert corpus[support.article].text[support.start:support.end]
    assert any("police" in source.name for source in corpus.sources("police"))
    assert corpus.timeline("2024-03-05", "2024-03-05")[0][1].id == claim.id


def test_what_is_no_corpus_says_so(tmp_path):
    with pytest.raises(OSError):
        according.Corpus(tmp_path / "none.db", create=False)
    (tmp_path / "text.db").write_text("no corpus at all, and long enough to be looked at")
    with pytest.raises(OSError):
        according.Corpus(tmp_path / "text.db")

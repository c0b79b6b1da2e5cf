def test_nothing_leaks(reading):
    assert not [(str(a), [reading.world.canaries[w] for w in a.leaked]) for a in reading.answers if a.leaked][:10]
def test_nochange(reading):
    assert reading.changed == []
def test_lint(reading):
    assert reading.problems == []
def test_n(reading):
    print(len(reading.answers), len(reading.world.persons))
    from collections import Counter
    print(Counter(a.status for a in reading.answers))
    print(Counter(a.target.endpoint for a in reading.answers))
def test_leaks(writing):
    assert not [(str(a), [writing.world.canaries[w] for w in a.leaked]) for a in writing.answers if a.leaked][:10]
def test_wchanged(writing):
    assert writing.changed == []
    print(len(writing.answers))
    from collections import Counter
    print(Counter((a.target.endpoint,a.status) for a in writing.answers))

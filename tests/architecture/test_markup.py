"""What reads every page in these tests sees what is wrong with one."""

import pytest

from markup import part_of, tree_of

PAGE = '<!doctype html><html lang="en"><head><title>A</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    "part",
    [
        "<p>one<b>two</p>",
        "<p>one</div></p>",
        "<p><p>in it</p></p>",
        "<ul><li>one<li>two</ul>",
        "<table><p>outside</p><tbody></tbody></table>",
        "<table><tr><td>no body</td></tr></table>",
        "<div/>",
        "<form><form></form></form>",
        '<a href="/" href="/b">twice</a>',
        '<a href="/"class="close">together</a>',
        "<a href='/<'>&bogus;</a",
        "<select><p>a part</p><option>one",
        "<noscript><p>no end</noscript>",
    ],
)
def test_a_defect_is_found(part):
    assert tree_of(PAGE.format(part))[1]
    assert part_of(part)[1]


@pytest.mark.parametrize(
    "part",
    [
        '<p class="a">one <b>two</b> &amp; three<br>four</p>',
        '<svg viewBox="0 0 1 1"><linearGradient id="g"/><path d="M0 0"/></svg>',
        '<noscript><form action="/"><input name="a"></form></noscript>',
        "<textarea><p></textarea>",
        '<script type="module" src="/a.js"></script><!-- <p> -->',
        "<template><li>one</li></template>",
        "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>B</td></tr></tbody></table>",
    ],
)
def test_what_is_right_is_left_alone(part):
    assert tree_of(PAGE.format(part))[1] == []
    assert part_of(part)[1] == []


def test_the_tree_has_texts_and_tails_and_its_names():
    part, _ = part_of('<p id="a">one <b>two</b> three<!-- four --></p><svg><path/></svg>')
    words, drawing = part
    assert "".join(words.itertext()) == "one two three"
    assert words.get("id") == "a"
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"


def test_a_part_of_list_rows_stands_in_a_list():
    part, problems = part_of("<li>one</li><li>two</li>")
    assert (part.tag, len(part), problems) == ("ul", 2, [])

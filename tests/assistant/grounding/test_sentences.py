import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.sentences import SentenceSplitter


def split(text: str, piece: int = 3) -> list[str]:
    splitter = SentenceSplitter()
    sentences = []
    for start in range(0, len(text), piece):
        sentences += splitter.feed(text[start : start + piece])
    return sentences + splitter.flush()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One. ", "Two."]),
        ("It is $4.99. Good?", ["It is $4.99. ", "Good?"]),
        ("About 1.5 l of milk", ["About 1.5 l of milk"]),
        ("approx. 3 dollars. Fine!", ["approx. 3 dollars. ", "Fine!"]),
        ("A list:\n1. Oats\n2. Milk\n", ["A list:\n", "1. Oats\n", "2. Milk\n"]),
        ("**Oats.** They fit.", ["**Oats.** ", "They fit."]),
        ("sure. the penne is there.", ["sure. ", "the penne is there."]),
        ("It has 4.8 g. the other more.", ["It has 4.8 g. ", "the other more."]),
        ("Nutri-Score of A. The other C.", ["Nutri-Score of A. ", "The other C."]),
        ("Spaghetti No. 5 is here.", ["Spaghetti No. 5 is here."]),
        ("If not, say no. The rest stays.", ["If not, say no. ", "The rest stays."]),
        ("By J. Smith, e.g. the blue one.", ["By J. Smith, e.g. the blue one."]),
        ("Wait... what? Yes.", ["Wait... what? ", "Yes."]),
        ("", []),
    ],
)
def test_text_is_cut_where_sentences_end(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


@given(st.text(alphabet="ab .!?\n$49A-*", max_size=200), st.integers(1, 20))
def test_nothing_but_white_space_at_the_end_is_lost_however_it_is_cut(
    text: str, piece: int
) -> None:
    assert "".join(split(text, piece)).rstrip() == text.rstrip() or not text.strip()
    assert split(text, piece) == split(text, 1)

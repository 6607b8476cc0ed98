"""Ids stand in what buttons carry."""

from storage.ids import new_id


def test_an_id_is_a_word_of_its_own_wherever_it_stands() -> None:
    ids = {new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(each.isalnum() and len(each) == 16 for each in ids)

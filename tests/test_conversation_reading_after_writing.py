"""A text is read for the question that is open, also when the answer before it has changed the facts at once."""

import pytest

from tests.support.town import Town


@pytest.mark.parametrize("words", ["progress on the audit", "goals are clear now"])
async def test_words_that_begin_like_a_command_answer_the_open_question(town: Town, words: str) -> None:
    ana = await town.client()
    await ana.says("checkin")
    assert "one step" in ana.asked.text
    await ana.says("Ask Kim for her view by Thursday")  # a promise already, so nothing lacks a step any more
    for _ in range(4):
        if "went well" in ana.asked.text:
            break
        await ana.says("skip")
    assert "went well" in ana.asked.text
    await ana.says(words)
    assert "well" in {question for _, question, _ in await ana.answers()}
    assert "went well" not in ana.asked.text

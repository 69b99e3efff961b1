"""Stands in for vLLM in the worker's process: answers by rule, and fails as its model's name says.

``echo`` answers the last message; ``no-system`` has a template without system messages;
``base`` has no template; ``thinks`` has one that opens its thinking; ``judges`` gives every theme
of a judging prompt a score by the length of its text; ``unknown`` cannot be loaded; ``dies``,
``hangs`` and ``breaks`` do so at the second chunk.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

__version__ = "0.0-stub"


class SamplingParams:
    def __init__(self, **fields: Any) -> None:
        self.fields = fields


def _verdict(prompt: str) -> str:
    """Return the JSON object that a judging prompt asks for, or the prompt when it is none."""
    code = re.search(r"\[ending ([0-9a-f]{16})\]\n(.*)\n\[end of ending", prompt, re.DOTALL)
    if code is None:
        return prompt
    themes = re.findall(r'^- "([^"]+)":', prompt, re.MULTILINE)
    scores = {theme: (len(code[2]) + place) % 7 for place, theme in enumerate(themes)}
    return json.dumps({"code": code[1], "scores": scores})


class LLM:
    def __init__(self, **arguments: Any) -> None:
        print("what a library prints does not reach the pipe")  # noqa: T201
        self.name = arguments["model"]
        self.calls = 0
        self.arguments = arguments
        if "STUB_LOADS" in os.environ:  # a file that counts how often a model is loaded
            with Path(os.environ["STUB_LOADS"]).open("a", encoding="ascii") as file:
                file.write(f"{self.name}\n")
        if self.name == "unknown":
            raise OSError("unknown is not a folder and no model of the hub")

    def get_tokenizer(self) -> Any:
        template = None if self.name == "base" else "{{ messages }}"
        end = "<|assistant|><think>\n" if self.name == "thinks" else "<|assistant|>"
        return SimpleNamespace(chat_template=template, decode=lambda _: end)

    def chat(self, turns: list[Any], sampling: list[SamplingParams], **options: Any) -> Any:
        if self.name == "no-system" and any(t[0]["role"] == "system" for t in turns):
            raise ValueError("System role not supported")
        return self._answer([t[-1]["content"] for t in turns], sampling, options)

    def generate(self, prompts: list[str], sampling: list[SamplingParams], **options: Any) -> Any:
        return self._answer(prompts, sampling, options)

    def _answer(self, prompts: list[str], sampling: list[SamplingParams], options: Any) -> Any:
        self.calls += 1
        if self.calls == 2:
            self._fail()
        if any("too long" in prompt for prompt in prompts):
            raise ValueError("the prompt is longer than the model's maximum")
        return [
            self._output(prompt, one, options)
            for prompt, one in zip(prompts, sampling, strict=True)
        ]

    def _fail(self) -> None:
        if self.name == "dies":
            print("the GPU fell off the bus", file=sys.stderr)  # noqa: T201
            os._exit(9)
        if self.name == "hangs":
            time.sleep(600)
        if self.name == "breaks":
            raise RuntimeError("out of memory")

    def _output(self, prompt: str, sampling: SamplingParams, options: Any) -> Any:
        text = prompt
        if "show" in prompt:
            shown = {"sampling": sampling.fields, "options": options, "load": self.arguments}
            text = json.dumps(shown, default=str)
        if self.name == "thinks":
            text = f"let me see\n</think>\n\n{prompt}"
        if self.name == "judges":
            text = _verdict(prompt)
        if "empty" in prompt:
            text = ""
        cut = "length" if "long" in prompt else "stop"
        said = SimpleNamespace(text=text, finish_reason=cut, token_ids=[1, 2])
        return SimpleNamespace(outputs=[said], prompt_token_ids=[1, 2, 3])

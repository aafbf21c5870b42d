"""The suite's WebSocket library, chosen, quick enough and with strings for bytes (see `port.py`).

To be imported before anything of the suite.
"""

import txaio

txaio.use_twisted()

from autobahn.websocket import protocol, utf8validator  # noqa: E402


def to_bytes(text):
    return text.encode("latin-1") if isinstance(text, str) else text


def to_text(data):
    return data.decode("latin-1") if isinstance(data, bytes) else data


def hexadecimal(data):
    return to_bytes(data).hex()


class Masker:
    """Without a loop in Python, which takes a second for a few megabytes."""

    def __init__(self, mask):
        self.mask, self.at = mask, 0

    def process(self, data):
        turned = self.mask[self.at & 3 :] + self.mask[: self.at & 3]
        key = (turned * (len(data) // 4 + 1))[: len(data)]
        self.at += len(data)
        return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(len(data), "big")

    def pointer(self):
        return self.at

    def reset(self):
        self.at = 0


class Validator(utf8validator.Utf8Validator):
    """With a shorter way for what is plain ASCII between whole characters."""

    def validate(self, data):
        data = bytes(to_bytes(data))
        if self._state == utf8validator.UTF8_ACCEPT and data.isascii():
            self._index += len(data)
            return True, True, len(data), self._index
        return super().validate(data)


protocol.create_xor_masker = lambda mask, length=None: Masker(mask)
protocol.Utf8Validator = utf8validator.Utf8Validator = Validator

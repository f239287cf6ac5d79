#!/usr/bin/env python3
"""Writes inputs that fuzzing takes long to come upon: every kind of value in every place of a document, each such document as the
answer to every call, one outcome after another, and programs in C for all of them.

fuzz/combine.py TARGET FOLDER, for the targets envelope, problem, token, answer and c_api. It begins with what is kept in seeds,
corpus and regressions. Most of what it writes covers nothing of its own; README.md says how to merge.
"""

import hashlib
import pathlib
import random
import re
import sys

HERE = pathlib.Path(__file__).parent
# The same inputs every time.
RANDOM = random.Random(1)

# Kinds of values, and what only looks like one.
VALUES = (
    r"""null true false 0 -1 1 1.0 1.5 -0.0 1e3 1e400 -1e400 18446744073709551615 18446744073709551616 9223372036854775807
    9223372036854775808 -9223372036854775808 -9223372036854775809 123456789012345678901234567890 0.1234567890123456789 1E-5
    "" "x" "true" "False" "1.5" "\u00e9" "\ud83d\ude00" "\ud800" "\udc00x" "\n\t\"\\\/\b\f\r" "canary-7f3a" "é你"
    [] [1] ["a","b"] ["a",1] [null] {} {"a":1} {"a":{"b":[1,2,{"c":null}]}}
    tru nul 01 1. - +1 .5 1e "\x" "\u12" "abc [1, {"a": {"a" {1:2} {"a":1,} [1,] NaN"""
).split() + ['" 12 "', "[1 2]", '"\x01"']

NAMES = """code data err access_token token_type expires_in nameid unionid unique_name email exp iat nbf iss aud role platform unionID
phone createDate userName lastUpdate nickName avatar appID id phoneIsValid emailIsValid name logo website description tags scopes
remark scheme signInKey title detail errors status type traceId c\\u006fde""".split() + ["", "x" * 40]

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}\[\],:]|\s+')


def kept(target):
    """What is kept for a target."""
    folders = (HERE / kind / target for kind in ("seeds", "corpus", "regressions"))
    return sorted({file.read_bytes() for folder in folders if folder.is_dir() for file in folder.iterdir()})


def places(text):
    """The document with something else in each of its places."""
    tokens = list(TOKEN.finditer(text))
    if "".join(token[0] for token in tokens) != text:
        return
    for number, token in enumerate(tokens):
        before, after = text[: token.start()], text[token.end() :]
        following = next((later[0] for later in tokens[number + 1 :] if later[0].strip()), "")
        if token[0] in "{}[],:":
            yield before + after
            yield from (before + token[0] + odd + after for odd in ' \n\t\r,:}]x/"')
            if token[0] == "{":
                for name in NAMES:
                    for value in ("1", '"x"', "null", "true", "[1]", '{"a":1}', "1.5"):
                        yield f'{before}{{"{name}":{value},{after}'
        elif token[0].strip() and following == ":":
            yield from (f'{before}"{name}"{after}' for name in NAMES)
            yield from (before + odd + after for odd in ("1", "null", '"a', "{}"))
        elif token[0].strip():
            yield from (before + value + after for value in VALUES)
    yield from (text[:end] for end in range(0, len(text), max(1, len(text) // 60)))
    yield from (odd + text for odd in ("\ufeff", " ", "[", "{", '"', "<html>"))
    yield from (text + odd for odd in (" ", "x", ",", "}", "]", "\0", "{}"))


def documents(target):
    full = "{" + ",".join(f'"{name}":"v"' for name in NAMES if name.isidentifier()) + "}"
    texts = [full, f'{{"code":200,"data":{full},"err":""}}']
    texts += (f'{{"code":200,"data":{value},"err":""}}' for value in VALUES)
    for kind in ("seeds", "regressions"):
        texts += (file.read_bytes().decode(errors="ignore") for file in (HERE / kind / target).glob("*"))
    for text in texts:
        yield from (place.encode("utf-8", "ignore") for place in places(text))


def http(status, body=b"", head=b""):
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, head, len(body), body)


# How a script for a connection goes on: src/transport/scripted.rs.
CLOSED, RESET, SILENT, NEXT_REQUEST, REFUSED = (b"\xff" + bytes([event]) for event in (1, 2, 3, 4, 5))
SIGNED_IN = http(b"200 OK", b'{"code":200,"data":{"access_token":"a.e30.c"},"err":""}')
MESSAGES = """不存在的应用 用户不存在 密码错误 账号已存在 请扫码 登陆中... 二维码失效请刷新 二维码已失效，请刷新重试 应用未配置小程序参数
不存在的用户 canary-7f3a!""".split() + [""]


def outcomes():
    """How an attempt can go."""
    yield from (SIGNED_IN, SIGNED_IN[:-9] + CLOSED, SIGNED_IN[:20] + CLOSED, SIGNED_IN[:-9] + RESET, SIGNED_IN[:20] + RESET)
    yield from (SIGNED_IN[:-9] + SILENT, SILENT, RESET, CLOSED, REFUSED + CLOSED, b"garbage\r\n\r\n")
    for body in ("", "   ", "<html>", "{", '{"code":1', "[]", "x", '{"data":1}', '{"code":200}', '{"code":200,"data":null}'):
        yield http(b"200 OK", body.encode())
    yield from (http(b"200 OK", b"\xe9"), http(b"200 OK", b"<html>\xe9"), http(b"200 OK", b"1" * 100))
    plain = b'\r\n\r\n{"code":200,"data":1}'
    for end in (CLOSED, RESET):
        yield from (b"HTTP/1.1 200 OK" + plain + end, b"HTTP/1.0 200 OK" + plain + end)
    for head in (b"Content-Length: x", b"Content-Length: 9\r\nContent-Length: 8", b"Content-Encoding: gzip", b"Connection: close"):
        yield b"HTTP/1.1 200 OK\r\n" + head + plain + CLOSED
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cod" + CLOSED
    yield from (b"HTTP/1.1 100 Continue\r\n\r\n" + SIGNED_IN, b"HTTP/2 200\r\n\r\n")
    for message in MESSAGES:
        yield http(b"200 OK", f'{{"code":500,"data":"","err":"{message}"}}'.encode())
    for status in [*range(300, 309), *range(400, 432), 451, 499, *range(500, 506), 511, 599, 600, 999, 101, 199, 204, 206]:
        yield http(b"%d X" % status, b"", b"Location: https://other.example/x\r\n")
        yield http(b"%d X" % status, b"<html>canary-7f3a", b"Content-Type: text/html; charset=utf-8\r\n")


def answers():
    """Call, settings and script: src/fuzz/answer.rs."""
    bodies, problems = kept("envelope"), kept("problem")
    for body in bodies:
        for call in range(10):
            yield call, RANDOM.choice([0, 8, 0x28, 0x20, 0x48]), http(b"200 OK", body)
        yield RANDOM.randrange(10), 8, http(b"%d X" % RANDOM.choice([302, 400, 401, 403, 404, 407, 413, 429, 500, 503, 511]), body)
        chunks = (body[: len(body) // 2], body[len(body) // 2 :])
        chunked = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks if chunk)
        yield 0, 0, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked + b"0\r\n\r\n"
    for body in problems:
        yield from ((call, 8, http(b"400 X", body, b"Content-Type: application/problem+json\r\n")) for call in (0, 1, 8))
    for value in (value for value in kept("challenge") if b"\n" not in value):
        refused = http(b"401 X", b"", b"WWW-Authenticate: " + value + b"\r\n")
        yield from ((0, 0x20, refused), (8, 0x20, refused), (8, 0x60, SIGNED_IN + NEXT_REQUEST + refused))
    for value in (value for value in kept("retry_after") if b"\n" not in value):
        for status in (b"429 X", b"503 X"):
            busy = http(status, b"", b"Retry-After: " + value + b"\r\n")
            yield RANDOM.choice([0, 1, 8]), 0x0A, busy + NEXT_REQUEST + SIGNED_IN
    alerts = [b"\x15\x03\x03\x00\x02\x02" + bytes([number]) for number in range(0, 121)]
    for record in [*alerts, b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00", b"\x14\x03\x03\x00\x01\x01", b"\x16\x03\x01", b"HTTP/1.1 400 X\r\n\r\n"]:
        yield from ((RANDOM.randrange(10), 1 | RANDOM.choice([0, 2, 8]), record + end) for end in (b"", CLOSED, RESET, SILENT))
    for one in outcomes():
        yield from ((call, bits, one) for call in range(10) for bits in (0, 0x18, 0x2A))
        for other in outcomes():
            both = one + (b"" if one.endswith((CLOSED, RESET, SILENT)) else RANDOM.choice([CLOSED, NEXT_REQUEST, RESET])) + other
            yield from ((call, RANDOM.choice([8, 0x0A, 0x18, 0x28]), both) for call in (1, 3))
            yield RANDOM.choice([0, 2, 4, 5, 6, 7, 8, 9]), RANDOM.choice([0x42, 0x0A, 0x48, 0x6A]), both


# The texts that a call is given, by their numbers in src/ffi/fuzz/c_api.rs.
ARGUMENTS = (b"\x02\x01", b"\x02\x01\xff\0", b"\x02\x01", b"\x02\x01\x01\0", b"\xff\xff\x02", b"\x05", b"\x03", b"\x05\x01\x01\0", b"\x01", b"\x01\x02\xff")


def program(call, bits, script):
    """A client with a log, the answers, the call, and something done with what it gave."""
    given, settings = 0x0808, bytes([RANDOM.choice([0, 1, 2, 3, 4, 5, 8, RANDOM.randrange(256)])])
    given |= 4 * (bits & 1)
    if bits >> 1 & 3:
        given, settings = given | 0x10, settings + bytes([bits >> 1 & 3])
    if bits & 0x10:
        given, settings = given | 0x40, settings + b"\0\x40"
    arguments = ARGUMENTS[call]
    if call >= 8 and RANDOM.random() < 0.3:
        # The token of the session.
        arguments = b"\xff" + arguments[1:]
    calls = (b"\x04\0\0\0" + bytes([call]) + arguments + b"\0\0") * (1 + (bits >> 6))
    then = RANDOM.choice([b"", b"\x11\0", b"\x13\x80\x09", b"\x13\x80\x03\x13\x80\x09", b"\x03\0\0", b"\x14\x80\0\0"])
    return b"\0" + given.to_bytes(2, "big") + settings + b"\0\0\x16" + script + b"\xfe" + calls + then


def alone():
    """Programs with what is kept for targets that are about one function or setting each."""
    for target, given, before, after in (
        ("base_url", 0x02, b"", b""),
        ("proxy_url", 0x80, b"\xff", b""),
        ("pem", 0x100, b"\x03", b"\xff"),
        ("pem", 0x200, b"", b""),
        ("pem", 0x400, b"", b"\0\xff\xff"),
    ):
        for text in (text for text in kept(target) if b"\0" not in text):
            yield b"\0" + given.to_bytes(2, "big") + before + b"\xfe" + text + b"\0" + after + b"\0\0"
    for pointer, _, json in (text.partition(b"\0") for text in kept("json_pointer")):
        yield b"\x13\xfe" + json.partition(b"\0")[0] + b"\0\xfe" + pointer + b"\0"


def programs():
    yield from alone()
    made = [(old[0] % 10, old[1], old[4:]) for old in kept("answer") if len(old) > 4]
    made += RANDOM.sample(list(answers()), 12_000)
    yield from (program(*one) for one in made if b"\xfe" not in one[2])
    for text in (text for text in kept("envelope") + kept("token") if b"\0" not in text):
        for pointer in (b"\x09", b"\0", b"\xfe/data/access_token\0", b"\xfe/code\0", b"\xfe/errors\0", b"\xfe/a~1b\0"):
            yield b"\x13\xfe" + text + b"\0" + pointer
        yield b"\x14\xfe" + text + b"\0\0\0"


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if target == "answer":
        inputs = (bytes([call, bits]) + RANDOM.randbytes(2) + script for call, bits, script in answers())
    else:
        inputs = programs() if target == "c_api" else documents(target)
    folder.mkdir(parents=True, exist_ok=True)
    for one in inputs:
        (folder / hashlib.sha1(one).hexdigest()).write_bytes(one)


main()

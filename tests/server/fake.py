"""A model server that misbehaves on purpose: it speaks as OpenAI's do, on loopback, for tests.

    Fake(faults={"429": 1, ...}, share=.2, seed=1, delay=0)   a share of requests gets a fault, drawn by weight
    Fake(tls=context)                  over TLS
    Fake(at_once=4)                    429 for what comes while so many are under way
    Fake(served=lambda n: "fp_1")      the fingerprint of the n-th reply
    Fake(gather=50)                    answers nothing until so many are under way at once
    Fake(caching=True)                 counts as cached what an earlier prompt began with; else always 3 tokens
    with Fake(...) as server: server.url, server.log; server.gone(seconds)

`log` has a line for each request: (hash of its body, what was sent: "ok" or the fault's name). A reply that went out whole is
"ok". Answers depend on the request alone: the label that its hash picks; scores too.
"""
import asyncio
import hashlib
import json
import random
import re
import threading

FAULTS = ("reset", "hang", "drip", "cut", "wrong_length", "not_json", "wrong_shape", "html", "400", "401", "404", "408", "409", "413",
          "429", "429_after", "429_date", "500", "502", "503", "529", "redirect", "utf8", "long", "two_headers", "endless", "quota")
HARMLESS = {"two_headers"}  # an answer all the same


class Fake:
    def __init__(self, faults=None, share=1.0, seed=1, delay=0.0, hang=30.0, tls=None, served=lambda n: "fp_1", caching=False, at_once=0,
                 gather=0):
        self.faults, self.share, self.delay, self.hang = dict(faults or {}), share, delay, hang
        self.tls, self.served, self.caching, self.seen, self.at_once = tls, served, caching, [], at_once
        self.chance = random.Random(seed)
        self.log, self.auth, self.writers = [], set(), set()
        self.gather, self.gathered = gather, asyncio.Event()
        self.now = self.most = 0

    def __enter__(self):
        ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join()

    def run(self, ready):
        async def main():
            self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
            self.loop.set_exception_handler(lambda *_: None)  # of clients that have gone
            await self.listen(0)
            self.port = self.server.sockets[0].getsockname()[1]
            self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/v1"
            ready.set()
            await self.stop.wait()
            self.server.close()

        asyncio.run(main())

    async def listen(self, port):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", port, limit=1 << 24, backlog=1024, ssl=self.tls)

    def gone(self, seconds):
        """From now on, for so long, nothing can be reached, and what was under way is broken off. Returns when it is back."""
        async def go():
            self.server.close()
            for writer in list(self.writers):
                writer.transport.abort()
            await asyncio.sleep(seconds)
            await self.listen(self.port)

        asyncio.run_coroutine_threadsafe(go(), self.loop).result()

    def draw(self):
        if not self.faults or self.chance.random() >= self.share:
            return None
        names = list(self.faults)
        return self.chance.choices(names, [self.faults[n] for n in names])[0]

    async def serve(self, reader, writer):
        self.writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                size = int(re.search(r"content-length: (\d+)", head, re.I)[1])
                body = await reader.readexactly(size)
                if auth := re.search(r"(?:authorization|x-api-key): (.*)\r", head, re.I):
                    self.auth.add(auth[1])
                self.now += 1
                self.most = max(self.most, self.now)
                try:
                    if not await self.answer(head.split()[1], json.loads(body), hashlib.sha256(body).hexdigest(), writer):
                        break
                finally:
                    self.now -= 1
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    def cached(self, prompt):
        if not self.caching:
            return 3
        def common(other):
            return next((i for i, (a, b) in enumerate(zip(prompt, other)) if a != b), min(len(prompt), len(other)))
        best = max(map(common, self.seen), default=0)
        self.seen.append(prompt)
        return best // 4

    def message_to(self, request, key):
        """As Anthropic's Messages API answers."""
        labels = re.findall(r"Option (\w+)", request["messages"][-1]["content"])[-2:]
        label = labels[int(key[:4], 16) % len(labels)]
        part = {"type": "tool_use", "id": "t", "name": "answer", "input": {"answer": label}} if "tools" in request else {
            "type": "text", "text": label}
        return {"id": key[:8], "type": "message", "role": "assistant", "model": "fake-2", "stop_reason": "end_turn",
                "content": [{"type": "thinking", "thinking": "Hm."}, part],
                "usage": {"input_tokens": 40, "output_tokens": 5, "cache_read_input_tokens": 30, "cache_creation_input_tokens": 2}}

    def reply_to(self, path, request, key):
        if path.endswith("/messages"):
            return self.message_to(request, key)
        prompt = request.get("prompt") or request["messages"][-1]["content"]
        labels = re.findall(r"Option (\w+)", prompt.splitlines()[-2 if request.get("prompt") else -1]) or re.findall(r"Option (\w+)", prompt)[-2:]
        whole = request.get("prompt") or "".join(m["content"] for m in request["messages"])
        usage = {"prompt_tokens": len(whole) // 4, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": self.cached(whole)}}
        reply = {"id": key[:8], "model": "fake-1", "system_fingerprint": self.served(len(self.log) + 1), "usage": usage}
        label = labels[int(key[:4], 16) % len(labels)] if labels else "nothing"
        first = -0.05 - int(key[4:6], 16) / 512
        shown = {label: first, "Nonsense": -9.0} | {other: -3.0 for other in labels if other != label}
        if path.endswith("/chat/completions"):
            choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": label}}
            if request.get("response_format"):
                choice["message"]["content"] = json.dumps({"answer": label})
            if request.get("logprobs"):
                choice["logprobs"] = {"content": [{"token": label, "logprob": first, "top_logprobs":
                                                   [{"token": t, "logprob": p} for t, p in shown.items()]}]}
        else:
            choice = {"index": 0, "finish_reason": "length", "text": " " + label}
            if request.get("logprobs"):
                choice["logprobs"] = {"top_logprobs": [{" " + t: p for t, p in shown.items()}]}
        return reply | {"choices": [choice]}

    async def answer(self, path, request, key, writer):
        """Sends one reply; whether the connection goes on."""
        fault = "429" if self.at_once and self.now > self.at_once else self.draw()
        if self.most >= self.gather:
            self.gathered.set()
        await self.gathered.wait()
        if self.delay:
            await asyncio.sleep(self.delay)
        good = json.dumps(self.reply_to(path, request, key)).encode()
        self.log.append((key, fault if fault and fault not in HARMLESS else "ok"))

        def send(status, body, headers="", size=None):
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: "
                         f"{len(body) if size is None else size}\r\n{headers}\r\n".encode() + body)

        def error(status, words, headers="", code="x"):
            send(status, json.dumps({"error": {"message": words, "code": code}}).encode(), headers)

        if fault is None:
            send(200, good)
        elif fault == "two_headers":
            send(200, good, "X-Twice: 1\r\nX-Twice: 2\r\nRetry-After: 7\r\n")
        elif fault == "reset":
            writer.transport.abort()
            return False
        elif fault == "hang":
            await asyncio.sleep(self.hang)
            return False
        elif fault == "drip":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            for _ in range(int(self.hang * 10)):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(.1)
            return False
        elif fault == "cut":
            send(200, good[:len(good) // 2], size=len(good))
            await writer.drain()
            return False
        elif fault == "wrong_length":
            send(200, good, size=len(good) - 20)
            await writer.drain()
            return False
        elif fault == "not_json":
            send(200, b"I am fine, thank you.")
        elif fault == "wrong_shape":
            send(200, b'{"choices": {"0": "yes"}, "usage": [1]}')
        elif fault == "html":
            send(200, b"<!DOCTYPE html><html><body><h1>Welcome to nginx!</h1></body></html>")
        elif fault == "utf8":
            send(200, b'{"choices": [{"message": {"content": "J \xff\xfe\xc3"}}]}'[:-9])
        elif fault == "long":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
            try:
                for _ in range(50):
                    writer.write(b"x" * 1000000)
                    await writer.drain()
            except ConnectionError:
                pass
            return False
        elif fault == "endless":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(int(self.hang * 10)):
                writer.write(b"5\r\n{\"a\":\r\n")
                await writer.drain()
                await asyncio.sleep(.1)
            return False
        elif fault == "redirect":
            error(302, "elsewhere", f"Location: {self.url}/elsewhere\r\n")
        elif fault == "quota":
            error(429, "You exceeded your current quota", code="insufficient_quota")
        elif fault == "429_after":
            error(429, "slower", "Retry-After: 1\r\n")
        elif fault == "429_date":
            error(429, "slower", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n")
        elif fault == "401":
            error(401, f"Incorrect API key provided: {' '.join(self.auth)}")
        else:
            error(int(fault), f"this is {fault}")
        await writer.drain()
        return True

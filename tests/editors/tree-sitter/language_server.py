"""`aphex lsp`, as far as its colours are asked for."""

import json
import subprocess


class LanguageServer:
    """A server that runs for the length of a `with`."""

    def __init__(self, aphex, root):
        self.process = subprocess.Popen([aphex, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)
        self.last = 0
        answer = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri(),
                "capabilities": {"general": {"positionEncodings": ["utf-8"]}},
            },
        )
        assert answer["capabilities"]["positionEncoding"] == "utf-8", answer
        legend = answer["capabilities"]["semanticTokensProvider"]["legend"]
        self.types, self.modifiers = legend["tokenTypes"], legend["tokenModifiers"]
        self.notify("initialized", {})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.communicate(timeout=10)

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            name, value = line.split(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the server has ended")
        return json.loads(self.process.stdout.read(length))

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        while True:
            message = self.receive()
            if "method" in message and "id" in message:
                self.send({"id": message["id"], "result": None})
            elif message.get("id") == self.last:
                if "error" in message:
                    raise ValueError(f"{method}: {message['error']}")
                return message["result"]

    def tokens(self, path, text):
        """The semantic tokens of a text: row, byte, length, type and modifiers of each."""
        document = {"uri": path.as_uri()}
        opened = {**document, "languageId": "aphex", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": opened})
        data = self.request("textDocument/semanticTokens/full", {"textDocument": document})["data"]
        self.notify("textDocument/didClose", {"textDocument": document})
        row = column = 0
        for at in range(0, len(data), 5):
            rows, columns, length, kind, modifiers = data[at : at + 5]
            row, column = row + rows, columns + (0 if rows else column)
            names = {name for bit, name in enumerate(self.modifiers) if modifiers >> bit & 1}
            yield row, column, length, self.types[kind], names

"""Runs the test suite's fuzzing client, as `wstest -m fuzzingclient` does, after `port.py` has made it run.

Prints one line for every case, `case ID BEHAVIOUR|CLOSE BEHAVIOUR|MILLISECONDS|what happened`,
and writes the suite's own index.json.

usage: run.py URL REPORT-FOLDER CASES EXCLUDED-CASES   (patterns, separated by commas)
"""

import sys

from library import to_bytes, to_text
from autobahntestsuite import fuzzing
from autobahntestsuite.case.case import Case
from twisted.internet import reactor

AGENT = "salon"

# Seconds for one case, at most; the longest of the suite wait for 100.
PATIENCE = 130


class Client(fuzzing.FuzzingClientProtocol):
    """Strings of the cases are bytes on the wire (see `port.py`); the suite's own log is not kept."""

    def sendFrame(self, opcode, payload="", **others):
        others = {name: to_bytes(value) for name, value in others.items()}
        return super().sendFrame(opcode, payload=to_bytes(payload), **others)

    def sendCloseFrame(self, code=None, reasonUtf8=None, isReply=False):
        return super().sendCloseFrame(code, to_bytes(reasonUtf8), isReply)

    def sendMessage(self, payload, *others, **named):
        return super().sendMessage(to_bytes(payload), *others, **named)

    def sendMessageFrameData(self, payload, sync=False):
        return super().sendMessageFrameData(to_bytes(payload), sync)

    def onMessage(self, payload, isBinary):
        return super().onMessage(to_text(payload), isBinary)

    def onPong(self, payload):
        return super().onPong(to_text(payload))

    def failConnection(self):
        """As the library called it once."""
        self._fail_connection()

    def logRxOctets(self, data):
        pass

    def logTxOctets(self, data, sync):
        pass

    def logRxFrame(self, header, payload):
        self.rxFrameStats[header.opcode] = self.rxFrameStats.get(header.opcode, 0) + 1

    def logTxFrame(self, header, *_):
        self.txFrameStats[header.opcode] = self.txFrameStats.get(header.opcode, 0) + 1


class Factory(fuzzing.FuzzingClientFactory):
    """Ends with one line for each case instead of the reports as HTML."""

    def clientConnectionLost(self, connector, reason):
        self.stall.reset(PATIENCE)
        super().clientConnectionLost(connector, reason)

    def createReports(self):
        super().createReports(produceHtml=False, produceJson=False)
        self.createMasterReportJSON(self.outdir)
        for case in self.specCases:
            result = self.cases.get(case, {}).get(AGENT)
            print("case", case, describe(result) if result else "MISSING|MISSING|0|it was not run", flush=True)


def describe(result):
    why = f"{result['result']} {result['resultClose']} {result['wasNotCleanReason'] or ''}"
    return "|".join([result["behavior"], result["behaviorClose"], str(result["duration"]), " ".join(why.split())])


def main(url, folder, cases, excluded):
    fuzzing.FuzzingClientProtocol = Client
    # For the suite's log of a failed case: what was expected and what came, in short.
    fuzzing.asciiLogData = lambda data, maxlen=64, replace=False: repr(data[:maxlen])
    # Python 2 compared pickles; since then equal things may have different ones.
    Case.compare = lambda self, one, other: one == other
    factory = Factory(
        {
            "outdir": folder,
            "servers": [{"agent": AGENT, "url": url}],
            "cases": cases.split(","),
            "exclude-cases": excluded.split(","),
        }
    )
    factory.stall = reactor.callLater(PATIENCE, give_up, factory)
    reactor.run()


def give_up(factory):
    factory.createReports()
    reactor.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

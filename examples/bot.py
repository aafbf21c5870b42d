"""A bot in a room: answers "!who" with how many are there. Python 3.9 or later, nothing to install.

    salon key add counter --as counter --scope read,write
    SALON=http://127.0.0.1:3000 KEY=salon_… ROOM=hall python3 examples/bot.py
"""
import json, os, time, urllib.request

SALON, ROOM = os.environ.get("SALON", "http://127.0.0.1:3000"), os.environ.get("ROOM", "hall")


def api(path, body=None, **headers):
    headers |= {"Authorization": "Bearer " + os.environ["KEY"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{SALON}/api/v1{path}", data, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def newest():
    return api(f"/rooms/{ROOM}/messages")["items"]


seen = max((message["seq"] for message in newest()), default=0)
while True:
    for message in reversed(newest()):
        if message["seq"] > seen and message["text"] == "!who":
            present = next(room["present"] for room in api("/rooms")["items"] if room["slug"] == ROOM)
            # The key makes sure that it is said once, even if this request has to be sent again.
            once = {"Idempotency-Key": f"who-{message['id']}"}
            api(f"/rooms/{ROOM}/messages", {"text": f"{present} here", "reply_to": message["id"]}, **once)
        seen = max(seen, message["seq"])
    time.sleep(2)

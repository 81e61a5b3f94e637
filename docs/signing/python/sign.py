# python3 sign.py 42 "Ada Lovelace" ada@shop.example
import os
import sys
import time

import jwt

SECRET = os.environ["WIDGET_JWT_HMAC_SECRET"]
if not SECRET:
    raise RuntimeError("WIDGET_JWT_HMAC_SECRET is empty")


def widget_token(user):
    """user: who is signed in, from your own session; a dict with id, name, email."""
    # str(None) is a name too: everybody without an id would be one and the same person.
    if user["id"] in (None, ""):
        raise ValueError("widget_token: the user has no id")
    now = int(time.time())
    claims = {"sub": str(user["id"]), "iat": now, "exp": now + 3600}
    claims |= {key: user[key] for key in ("name", "email") if user.get(key)}
    return jwt.encode(claims, SECRET, algorithm="HS256")


if __name__ == "__main__":
    user_id, name, email = (sys.argv[1:] + [None] * 3)[:3]
    if user_id is None:
        sys.exit("usage: python3 sign.py <id> [name] [email]")
    print(widget_token({"id": int(user_id), "name": name, "email": email}))

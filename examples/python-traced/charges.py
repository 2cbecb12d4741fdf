import os
import sqlite3

import requests
from flask import Flask, request

app = Flask(__name__)


def keep(order):
    with sqlite3.connect(os.environ["CHARGES"]) as database:
        cursor = database.cursor()
        cursor.execute("CREATE TABLE IF NOT EXISTS charges (order_id TEXT PRIMARY KEY, amount REAL)")
        cursor.execute("INSERT OR IGNORE INTO charges VALUES (?, ?)", (order["orderId"], order["total"]))


@app.post("/")
def capture():
    order = request.get_json()
    keep(order)
    app.logger.warning("charged %s", order["orderId"])
    event = {
        "ce-specversion": "1.0",
        "ce-id": f"payment-of-{request.headers['ce-id']}",
        "ce-source": "/payment",
        "ce-type": "payment_captured",
    }
    data = {"orderId": order["orderId"], "email": order["email"], "amount": order["total"]}
    requests.post(os.environ["K_SINK"], headers=event, json=data, timeout=10).raise_for_status()
    return "", 204


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))

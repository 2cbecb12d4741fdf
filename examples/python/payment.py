import os

from cloudevents.core.bindings.http import HTTPMessage, from_http_event, to_binary_event
from cloudevents.core.v1.event import CloudEvent
from flask import Flask, request

app = Flask(__name__)


@app.post("/")
def capture():
    placed = from_http_event(HTTPMessage(dict(request.headers), request.get_data()))
    order = placed.get_data()
    app.logger.warning("captures the payment of %s", order["orderId"])
    attributes = {
        "id": f"payment-of-{placed.get_id()}",
        "source": "/payment",
        "type": "payment_captured",
        "datacontenttype": "application/json",
    }
    data = {"orderId": order["orderId"], "email": order["email"], "amount": order["total"]}
    reply = to_binary_event(CloudEvent(attributes, data))
    return reply.body, 200, reply.headers


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))

"""Captures the payment of an order: a service of the standard library alone, called by the HTTP binding of CloudEvents."""
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Payment(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # Headers and body leave together.

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers["content-length"])))
        reply = {"orderId": order["orderId"], "email": order["email"]}
        if order["total"] > 1000:
            kind, reply["reason"] = "payment_declined", "the total is above the limit"
        else:
            kind, reply["amount"] = "payment_captured", order["total"]
        body = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("ce-specversion", "1.0")
        self.send_header("ce-type", kind)
        self.send_header("ce-source", "/payment")
        # The same for each attempt, so that a second one sends nothing twice.
        self.send_header("ce-id", "payment-of-" + order["orderId"])
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        trace_id = self.headers["traceparent"].split("-")[1]
        print(json.dumps({"level": "info", "message": f"{kind} {order['orderId']}", "trace_id": trace_id}), flush=True)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Payment).serve_forever()

"""
Makes the calls of the table with boto3 at two endpoints, the simulator and the server of moto, and compares the answers: code and HTTP status of
an error, the names and kinds of what an answer has. Prints one JSON object: how many calls there were, how many were answered alike, and those
that were not and are not in `contradictions`.
"""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import contradictions
import sns_subscriptions_calls
import sns_topics_calls
import sqs_messages_calls
import sqs_queues_calls


class Side:
    """One of the two services, and what it answered."""

    def __init__(self, url):
        self.url = url
        settings = dict(
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
        )
        self.clients = {"sqs": boto3.client("sqs", **settings), "sns": boto3.client("sns", **settings)}
        self.answers = []

    def run(self, scenario):
        urllib.request.urlopen(urllib.request.Request(self.url + "/moto-api/reset", method="POST")).read()
        try:
            scenario(self.caller("sqs"), self.caller("sns"))
        except Exception as error:
            # Where an answer is missing, what comes after it cannot be asked.
            self.answers.append(("", "", f"the scenario ended: {error!r}"[:200]))

    def caller(self, service):
        def call(action, **parameters):
            shown = json.dumps(parameters, default=str)[:200]
            name = f"{service}.{action}"
            try:
                answer = getattr(self.clients[service], action)(**parameters)
                self.answers.append((name, shown, f"ok {kinds({k: v for k, v in answer.items() if k != 'ResponseMetadata'})}"))
                return answer
            except ClientError as error:
                code = error.response["Error"].get("Code", "")
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                self.answers.append((name, shown, "failed" if status == 500 else f"{code} {status}"))
            except Exception:
                self.answers.append((name, shown, "failed"))
            return {}

        return call


def kinds(value):
    """An answer without what differs from run to run: the names of its fields and the kinds of their values."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {kinds(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        # Of each kind of element once: the order of a list may follow from ids that are drawn.
        return "[" + ", ".join(sorted({kinds(one) for one in value})) + "]"
    return type(value).__name__


def brief(answer):
    return "ok" if answer.startswith("ok ") else answer.split(" ")[0]


ours, theirs = Side(sys.argv[1]), Side(sys.argv[2])
tables = [sqs_queues_calls, sqs_messages_calls, sns_topics_calls, sns_subscriptions_calls]
alike, known, new, used = 0, 0, [], set()
for scenario in (one for table in tables for one in table.scenarios):
    for side in (ours, theirs):
        side.answers = []
        side.run(scenario)
    new += [f"{scenario.__name__}: {found}" for side in (ours, theirs) for name, _, found in side.answers if name == ""]
    if len(ours.answers) != len(theirs.answers):
        new.append(f"{scenario.__name__}: {len(ours.answers)} calls here, {len(theirs.answers)} there")
    for (name, shown, here), (_, _, there) in zip(ours.answers, theirs.answers):
        if here == there:
            alike += 1
            continue
        line = contradictions.entry(name, brief(here), brief(there))
        if line in contradictions.known:
            known += 1
            used.add(line)
        else:
            new.append(f"{name} {shown}: {here} here, {there} there; {contradictions.reference(name)} decides")
print(json.dumps({"alike": alike, "known": known, "new": new, "gone": sorted(contradictions.known.keys() - used)}))

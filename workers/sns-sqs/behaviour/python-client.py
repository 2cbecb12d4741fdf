"""Drives the simulator with boto3; prints what it found, one JSON object a line. Ends with an exception where something is wrong."""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
settings = dict(
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=Config(retries={"max_attempts": 1}),
)
sqs = boto3.client("sqs", **settings)
sns = boto3.client("sns", **settings)


def say(**found):
    print(json.dumps(found, default=str))


url = sqs.create_queue(QueueName="py.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
for body in ("1", "2", "1"):
    sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
say(fifo=[message["Body"] for message in received], group=received[0]["Attributes"]["MessageGroupId"])
batch = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(received)]
say(deleted=len(sqs.delete_message_batch(QueueUrl=url, Entries=batch)["Successful"]))

# boto3 checks the MD5 of bodies and attributes itself, and raises where one is wrong.
plain = sqs.create_queue(QueueName="py", tags={"team": "a"})["QueueUrl"]
attributes = {
    "text": {"DataType": "String", "StringValue": "ü"},
    "number": {"DataType": "Number", "StringValue": "1.5"},
    "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
}
sqs.send_message(QueueUrl=plain, MessageBody="ü 🙂", MessageAttributes=attributes)
message = sqs.receive_message(QueueUrl=plain, MessageAttributeNames=["All"])["Messages"][0]
say(body=message["Body"], bytes=list(message["MessageAttributes"]["bytes"]["BinaryValue"]))
say(tags=sqs.list_queue_tags(QueueUrl=plain)["Tags"])

try:
    sqs.get_queue_url(QueueName="none")
except sqs.exceptions.QueueDoesNotExist as error:
    say(error=error.response["Error"]["Code"], status=error.response["ResponseMetadata"]["HTTPStatusCode"])

topic = sns.create_topic(Name="py")["TopicArn"]
arn = sqs.get_queue_attributes(QueueUrl=plain, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
sns.publish(TopicArn=topic, Message="published")
say(published=sqs.receive_message(QueueUrl=plain)["Messages"][0]["Body"])
try:
    sns.publish(TopicArn=topic + "-none", Message="x")
except ClientError as error:
    say(error=error.response["Error"]["Code"])

# A presigned URL is a GET that reads.
presigned = sns.generate_presigned_url("list_topics", ExpiresIn=60, HttpMethod="GET")
with urllib.request.urlopen(presigned) as answer:
    say(presigned=topic in answer.read().decode(), status=answer.status)

"""
Provokes, through boto3, every error that the service models give an action, as far as a simulator can. Each must come back as the class of the
model, with its code and HTTP status. Prints one JSON object: how many of the model's pairs of action and error were seen, and which were not.
"""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
account = "123456789012"
settings = dict(
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    # What is sent may be wrong on purpose, and an error is to be seen at once.
    config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
)
clients = {"sqs": boto3.client("sqs", **settings), "sns": boto3.client("sns", **settings)}
seen = set()
wrong = []


def own(method, path, body=None):
    request = urllib.request.Request(endpoint + path, method=method, data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def snake(action):
    return next(name for name, operation in client.meta.method_to_api_mapping.items() if operation == action)


def expect(shape, action, **parameters):
    """Calls an action of the client of now; it must fail with this error of its model."""
    model = client.meta.service_model
    operation = model.operation_model(action)
    error = next((one for one in operation.error_shapes if one.name == shape), None)
    if error is None:
        wrong.append(f"{action} has no error {shape} in its model")
        return
    status = error.metadata.get("error", {}).get("httpStatusCode")
    try:
        getattr(client, snake(action))(**parameters)
        wrong.append(f"{action} was taken, instead of {shape}: {str(parameters)[:200]}")
    except ClientError as failure:
        found = failure.response["ResponseMetadata"]["HTTPStatusCode"]
        modelled = client.exceptions.from_code(failure.response["Error"].get("QueryErrorCode", failure.response["Error"]["Code"]))
        names = {type(failure).__name__, getattr(modelled, "__name__", "")}
        if shape not in names or (status is not None and status != found):
            wrong.append(f"{action} answered {failure.response['Error']} {found}, instead of {shape} {status}")
        else:
            seen.add((client.meta.service_model.service_name, action, shape))


def under(fault, shape, action, **parameters):
    """The same while a fault of the simulator is in force for this action."""
    own("POST", "/_faultline/faults", {"type": fault, "action": action})
    expect(shape, action, **parameters)
    own("DELETE", "/_faultline/faults")


# SQS

client = clients["sqs"]
url = client.create_queue(QueueName="q")["QueueUrl"]
standard = client.create_queue(QueueName="other")["QueueUrl"]
arn = f"arn:aws:sqs:us-east-1:{account}:q"
none = f"{endpoint}/{account}/none"
entries = dict(
    SendMessageBatch={"MessageBody": "m"},
    DeleteMessageBatch={"ReceiptHandle": "r"},
    ChangeMessageVisibilityBatch={"ReceiptHandle": "r", "VisibilityTimeout": 1},
)
# Enough of each action to get past what is checked before its queue is looked up.
complete = dict(
    AddPermission=dict(Label="l", AWSAccountIds=[account], Actions=["SendMessage"]),
    ChangeMessageVisibility=dict(ReceiptHandle="r", VisibilityTimeout=1),
    DeleteMessage=dict(ReceiptHandle="r"),
    RemovePermission=dict(Label="l"),
    SendMessage=dict(MessageBody="m"),
    SetQueueAttributes=dict(Attributes={"DelaySeconds": "1"}),
    TagQueue=dict(Tags={"a": "b"}),
    UntagQueue=dict(TagKeys=["a"]),
    **{action: dict(Entries=[{"Id": "1", **entry}]) for action, entry in entries.items()},
)
for action in client.meta.service_model.operation_names:
    operation = client.meta.service_model.operation_model(action)
    errors = [error.name for error in operation.error_shapes]
    rest = complete.get(action, {})
    named = "QueueUrl" in operation.input_shape.members
    if "RequestThrottled" in errors:
        under("throttle", "RequestThrottled", action, **({"QueueUrl": url} if named else {}), **rest)
    if named:
        expect("QueueDoesNotExist", action, QueueUrl=none, **rest)
        expect("InvalidAddress", action, QueueUrl="http://localhost/no name", **rest)
expect("QueueDoesNotExist", "GetQueueUrl", QueueName="none")
for action, entry in entries.items():
    expect("EmptyBatchRequest", action, QueueUrl=url, Entries=[])
    expect("TooManyEntriesInBatchRequest", action, QueueUrl=url, Entries=[{"Id": str(n), **entry} for n in range(11)])
    expect("BatchEntryIdsNotDistinct", action, QueueUrl=url, Entries=[{"Id": "1", **entry}] * 2)
    expect("InvalidBatchEntryId", action, QueueUrl=url, Entries=[{"Id": "not an id", **entry}])
large = [{"Id": str(n), "MessageBody": "m" * 600_000} for n in range(2)]
expect("BatchRequestTooLong", "SendMessageBatch", QueueUrl=url, Entries=large)
eight = "SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility GetQueueAttributes GetQueueUrl PurgeQueue ListDeadLetterSourceQueues"
expect("OverLimit", "AddPermission", QueueUrl=url, Label="l", AWSAccountIds=[account], Actions=eight.split())
under("over-limit", "OverLimit", "ReceiveMessage", QueueUrl=url)
under("over-limit", "OverLimit", "SetQueueAttributes", QueueUrl=url, Attributes={"DelaySeconds": "1"})
expect("QueueNameExists", "CreateQueue", QueueName="q", Attributes={"DelaySeconds": "9"})
expect("InvalidAttributeName", "CreateQueue", QueueName="x", Attributes={"Nope": "1"})
expect("InvalidAttributeValue", "CreateQueue", QueueName="x", Attributes={"DelaySeconds": "-1"})
expect("InvalidAttributeName", "SetQueueAttributes", QueueUrl=url, Attributes={"Nope": "1"})
expect("InvalidAttributeValue", "SetQueueAttributes", QueueUrl=url, Attributes={"DelaySeconds": "901"})
expect("InvalidAttributeName", "GetQueueAttributes", QueueUrl=url, AttributeNames=["Nope"])
expect("InvalidMessageContents", "SendMessage", QueueUrl=url, MessageBody="\x00")
lists = {"a": {"DataType": "String", "StringListValues": ["x"]}}
expect("UnsupportedOperation", "SendMessage", QueueUrl=url, MessageBody="m", MessageAttributes=lists)
expect("ReceiptHandleIsInvalid", "DeleteMessage", QueueUrl=url, ReceiptHandle="none")
expect("ReceiptHandleIsInvalid", "ChangeMessageVisibility", QueueUrl=url, ReceiptHandle="none", VisibilityTimeout=1)
expect("ResourceNotFoundException", "StartMessageMoveTask", SourceArn=arn + "none")
expect("ResourceNotFoundException", "ListMessageMoveTasks", SourceArn=arn + "none")
# A dead-letter queue whose only message has nowhere to go: its task fails, and cannot be cancelled afterwards.
client.set_queue_attributes(QueueUrl=standard, Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})})
handle = client.start_message_move_task(SourceArn=arn)["TaskHandle"]
while client.list_message_move_tasks(SourceArn=arn)["Results"][0]["Status"] == "RUNNING":
    pass
expect("ResourceNotFoundException", "CancelMessageMoveTask", TaskHandle=handle)
client.purge_queue(QueueUrl=url)
expect("PurgeQueueInProgress", "PurgeQueue", QueueUrl=url)
client.delete_queue(QueueUrl=url)
expect("QueueDeletedRecently", "CreateQueue", QueueName="q")

# SNS

client = clients["sns"]
topic = client.create_topic(Name="t")["TopicArn"]
archived = client.create_topic(
    Name="t.fifo", Attributes={"FifoTopic": "true", "ArchivePolicy": '{"MessageRetentionPeriod":"1"}'}
)["TopicArn"]
queue = f"arn:aws:sqs:us-east-1:{account}:other"
subscription = client.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)["SubscriptionArn"]
gone = subscription[:-12] + "000000000000"
application = client.create_platform_application(Name="a", Platform="GCM", Attributes={"PlatformCredential": "c"})["PlatformApplicationArn"]
device = client.create_platform_endpoint(PlatformApplicationArn=application, Token="t")["EndpointArn"]
phone = "+15551234567"
attribute = dict(AttributeName="DisplayName", AttributeValue="x")
# What each action is refused for, with InvalidParameter and NotFound.
invalid = dict(
    AddPermission=dict(TopicArn="x", Label="l", AWSAccountId=[account], ActionName=["Publish"]),
    CheckIfPhoneNumberIsOptedOut=dict(phoneNumber="x"),
    ConfirmSubscription=dict(TopicArn=topic, Token="x"),
    CreatePlatformApplication=dict(Name="a", Platform="NONE", Attributes={}),
    CreatePlatformEndpoint=dict(PlatformApplicationArn="x", Token="t"),
    CreateSMSSandboxPhoneNumber=dict(PhoneNumber="x"),
    CreateTopic=dict(Name="not a name"),
    DeleteEndpoint=dict(EndpointArn="x"),
    DeletePlatformApplication=dict(PlatformApplicationArn="x"),
    DeleteSMSSandboxPhoneNumber=dict(PhoneNumber="x"),
    DeleteTopic=dict(TopicArn="x"),
    GetDataProtectionPolicy=dict(ResourceArn="x"),
    GetEndpointAttributes=dict(EndpointArn="x"),
    GetPlatformApplicationAttributes=dict(PlatformApplicationArn="x"),
    GetSubscriptionAttributes=dict(SubscriptionArn="x"),
    GetTopicAttributes=dict(TopicArn="x"),
    ListEndpointsByPlatformApplication=dict(PlatformApplicationArn="x"),
    ListPhoneNumbersOptedOut=dict(nextToken="x"),
    ListPlatformApplications=dict(NextToken="x"),
    ListSMSSandboxPhoneNumbers=dict(NextToken="x"),
    ListSubscriptions=dict(NextToken="x"),
    ListSubscriptionsByTopic=dict(TopicArn="x"),
    ListTagsForResource=dict(ResourceArn="x"),
    ListTopics=dict(NextToken="x"),
    OptInPhoneNumber=dict(phoneNumber="x"),
    Publish=dict(TopicArn=topic, Message=""),
    PublishBatch=dict(TopicArn="x", PublishBatchRequestEntries=[{"Id": "1", "Message": "m"}]),
    PutDataProtectionPolicy=dict(ResourceArn="x", DataProtectionPolicy="{}"),
    RemovePermission=dict(TopicArn="x", Label="l"),
    SetEndpointAttributes=dict(EndpointArn="x", Attributes={}),
    SetPlatformApplicationAttributes=dict(PlatformApplicationArn="x", Attributes={}),
    SetSMSAttributes=dict(attributes={"Nope": "x"}),
    SetSubscriptionAttributes=dict(SubscriptionArn=subscription, AttributeName="Nope", AttributeValue="x"),
    SetTopicAttributes=dict(TopicArn=topic, AttributeName="Nope", AttributeValue="x"),
    Subscribe=dict(TopicArn=topic, Protocol="none", Endpoint="x"),
    TagResource=dict(ResourceArn=topic, Tags=[{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]),
    Unsubscribe=dict(SubscriptionArn="x"),
    UntagResource=dict(ResourceArn="x", TagKeys=["a"]),
    VerifySMSSandboxPhoneNumber=dict(PhoneNumber="x", OneTimePassword="12345"),
)
missing = dict(
    AddPermission=dict(TopicArn=topic + "0", Label="l", AWSAccountId=[account], ActionName=["Publish"]),
    ConfirmSubscription=dict(TopicArn=topic + "0", Token="0" * 64),
    CreatePlatformEndpoint=dict(PlatformApplicationArn=application + "0", Token="t"),
    GetDataProtectionPolicy=dict(ResourceArn=topic + "0"),
    GetEndpointAttributes=dict(EndpointArn=device + "0"),
    GetPlatformApplicationAttributes=dict(PlatformApplicationArn=application + "0"),
    GetSubscriptionAttributes=dict(SubscriptionArn=gone),
    GetTopicAttributes=dict(TopicArn=topic + "0"),
    ListEndpointsByPlatformApplication=dict(PlatformApplicationArn=application + "0"),
    ListSubscriptionsByTopic=dict(TopicArn=topic + "0"),
    Publish=dict(TopicArn=topic + "0", Message="m"),
    PublishBatch=dict(TopicArn=topic + "0", PublishBatchRequestEntries=[{"Id": "1", "Message": "m"}]),
    PutDataProtectionPolicy=dict(ResourceArn=topic + "0", DataProtectionPolicy="{}"),
    RemovePermission=dict(TopicArn=topic, Label="none"),
    SetEndpointAttributes=dict(EndpointArn=device + "0", Attributes={}),
    SetPlatformApplicationAttributes=dict(PlatformApplicationArn=application + "0", Attributes={}),
    SetSubscriptionAttributes=dict(SubscriptionArn=gone, AttributeName="RawMessageDelivery", AttributeValue="true"),
    SetTopicAttributes=dict(TopicArn=topic + "0", **attribute),
    Subscribe=dict(TopicArn=topic + "0", Protocol="sqs", Endpoint=queue),
)
for action in client.meta.service_model.operation_names:
    errors = [error.name for error in client.meta.service_model.operation_model(action).error_shapes]
    if "InternalErrorException" in errors:
        under("error", "InternalErrorException", action, **invalid.get(action, {}))
    if "ThrottledException" in errors:
        under("throttle", "ThrottledException", action, **invalid.get(action, {}))
    if action in invalid and "InvalidParameterException" in errors:
        expect("InvalidParameterException", action, **invalid[action])
    if action in missing:
        expect("NotFoundException", action, **missing[action])
for action, rest in dict(TagResource=dict(Tags=[]), UntagResource=dict(TagKeys=["a"]), ListTagsForResource={}).items():
    expect("ResourceNotFoundException", action, ResourceArn=topic + "0", **rest)
tags = [{"Key": f"k{n}", "Value": "v"} for n in range(51)]
expect("TagLimitExceededException", "TagResource", ResourceArn=topic, Tags=tags)
expect("TagLimitExceededException", "CreateTopic", Name="many", Tags=tags)
expect("InvalidStateException", "DeleteTopic", TopicArn=archived)
bad = {"a": {"DataType": "None", "StringValue": "x"}}
expect("InvalidParameterValueException", "Publish", TopicArn=topic, Message="m", MessageAttributes=bad)
batch = [{"Id": "1", "Message": "m", "MessageAttributes": bad}]
expect("InvalidParameterValueException", "PublishBatch", TopicArn=topic, PublishBatchRequestEntries=batch)
publications = dict(
    EmptyBatchRequestException=[],
    TooManyEntriesInBatchRequestException=[{"Id": str(n), "Message": "m"} for n in range(11)],
    BatchEntryIdsNotDistinctException=[{"Id": "1", "Message": "m"}] * 2,
    InvalidBatchEntryIdException=[{"Id": "not an id", "Message": "m"}],
    BatchRequestTooLongException=[{"Id": str(n), "Message": "m" * 150_000} for n in range(2)],
)
for shape, requests in publications.items():
    expect(shape, "PublishBatch", TopicArn=topic, PublishBatchRequestEntries=requests)
for number in range(200):
    filtered = f"arn:aws:sqs:us-east-1:{account}:filtered-{number}"
    client.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=filtered, Attributes={"FilterPolicy": '{"a":["b"]}'})
one_more = dict(AttributeName="FilterPolicy", AttributeValue='{"a":["b"]}')
expect("FilterPolicyLimitExceededException", "SetSubscriptionAttributes", SubscriptionArn=subscription, **one_more)
another = dict(Protocol="sqs", Endpoint=queue + "0", Attributes={"FilterPolicy": '{"a":["b"]}'})
expect("FilterPolicyLimitExceededException", "Subscribe", TopicArn=topic, **another)
client.set_endpoint_attributes(EndpointArn=device, Attributes={"Enabled": "false"})
expect("EndpointDisabledException", "Publish", TargetArn=device, Message="m")
client.set_platform_application_attributes(PlatformApplicationArn=application, Attributes={"Enabled": "false"})
expect("PlatformApplicationDisabledException", "Publish", TargetArn=device, Message="m")
expect("ResourceNotFoundException", "DeleteSMSSandboxPhoneNumber", PhoneNumber=phone)
expect("ResourceNotFoundException", "VerifySMSSandboxPhoneNumber", PhoneNumber=phone, OneTimePassword="12345")
client.create_sms_sandbox_phone_number(PhoneNumber=phone)
expect("VerificationException", "VerifySMSSandboxPhoneNumber", PhoneNumber=phone, OneTimePassword="no")
own("POST", "/_faultline/sns/opted-out", {"phoneNumber": phone})
expect("OptedOutException", "CreateSMSSandboxPhoneNumber", PhoneNumber=phone)
expect("ValidationException", "ListOriginationNumbers", MaxResults=31)

every = {
    (name, action, error.name)
    for name, one in clients.items()
    for action in one.meta.service_model.operation_names
    for error in one.meta.service_model.operation_model(action).error_shapes
}
unseen = {}
for name, action, shape in sorted(every - seen):
    unseen.setdefault(f"{name} {shape}", []).append(action)
print(json.dumps({"seen": len(seen), "of": len(every), "wrong": wrong, "unseen": unseen}))

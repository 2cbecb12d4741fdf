"""Messages: sent, received, settled, one by one and in batches; dead letters and move tasks. Each function is a scenario on a service that is empty."""

import json
import time

account = "123456789012"


def messages(sqs, sns):
    u = sqs("create_queue", QueueName="a", Attributes={"MaximumMessageSize": "2048"})["QueueUrl"]
    sqs("send_message", QueueUrl=u, MessageBody="hello")
    sqs("send_message", QueueUrl=u, MessageBody="")
    sqs("send_message", QueueUrl=u)
    sqs("send_message", QueueUrl=u, MessageBody="x" * 2049)
    sqs("send_message", QueueUrl=u, MessageBody="a\u0000b")
    sqs("send_message", QueueUrl=u, MessageBody="a\uffffb")
    sqs("send_message", QueueUrl=u, MessageBody="x", DelaySeconds=901)
    sqs("send_message", QueueUrl=u, MessageBody="x", DelaySeconds=-1)
    sqs("send_message", QueueUrl="http://h/" + account + "/none", MessageBody="x")

    def send_with(**a):
        return sqs("send_message", QueueUrl=u, MessageBody="x", MessageAttributes=a)

    send_with(a={"DataType": "String", "StringValue": "v"})
    send_with(a={"DataType": "String"})
    send_with(a={"DataType": "String", "StringValue": ""})
    send_with(a={"StringValue": "v"})
    send_with(a={"DataType": "Number", "StringValue": "x"})
    send_with(a={"DataType": "Number", "StringValue": "1e5"})
    send_with(a={"DataType": "Foo", "StringValue": "x"})
    send_with(a={"DataType": "Binary", "StringValue": "x"})
    send_with(a={"DataType": "String", "BinaryValue": b"x"})
    send_with(a={"DataType": "Binary", "BinaryValue": b"x"})
    send_with(a={"DataType": "Number.int", "StringValue": "5"})
    send_with(a={"DataType": "", "StringValue": "5"})
    send_with(a={})
    send_with(**{"a" * 257: {"DataType": "String", "StringValue": "v"}})
    send_with(**{"AWS.x": {"DataType": "String", "StringValue": "v"}})
    send_with(**{".x": {"DataType": "String", "StringValue": "v"}})
    send_with(**{"x.": {"DataType": "String", "StringValue": "v"}})
    send_with(**{"x..y": {"DataType": "String", "StringValue": "v"}})
    send_with(**{"x y": {"DataType": "String", "StringValue": "v"}})
    send_with(**{"": {"DataType": "String", "StringValue": "v"}})
    send_with(**{f"a{i}": {"DataType": "String", "StringValue": "v"} for i in range(11)})
    send_with(a={"DataType": "String", "StringValue": "v", "StringListValues": ["a"]})
    sqs("send_message", QueueUrl=u, MessageBody="x", MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}})
    sqs("send_message", QueueUrl=u, MessageBody="x", MessageSystemAttributes={"Foo": {"DataType": "String", "StringValue": "Root=1"}})
    sqs("send_message", QueueUrl=u, MessageBody="x", MessageSystemAttributes={"AWSTraceHeader": {"DataType": "Number", "StringValue": "1"}})
    sqs("purge_queue", QueueUrl=u)
    sqs("purge_queue", QueueUrl=u)
    u = sqs("create_queue", QueueName="b")["QueueUrl"]
    sqs(
        "send_message",
        QueueUrl=u,
        MessageBody="x",
        MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}, "k2.a": {"DataType": "Number", "StringValue": "1"}},
        MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}},
    )
    for kw in (
        dict(),
        dict(AttributeNames=["All"]),
        dict(MessageSystemAttributeNames=["All"]),
        dict(AttributeNames=["SentTimestamp", "SenderId"]),
        dict(AttributeNames=["Nope"]),
        dict(MessageSystemAttributeNames=["Nope"]),
        dict(MessageAttributeNames=["All"]),
        dict(MessageAttributeNames=["k"]),
        dict(MessageAttributeNames=["k2.*"]),
        dict(MessageAttributeNames=["zz"]),
        dict(MessageAttributeNames=[".*"]),
        dict(AttributeNames=["AWSTraceHeader"]),
        dict(MaxNumberOfMessages=0),
        dict(MaxNumberOfMessages=11),
        dict(VisibilityTimeout=43201),
        dict(WaitTimeSeconds=21),
        dict(WaitTimeSeconds=-1),
        dict(VisibilityTimeout=-1),
    ):
        kw.setdefault("VisibilityTimeout", 0)
        sqs("receive_message", QueueUrl=u, **kw)
    r = sqs("receive_message", QueueUrl=u, VisibilityTimeout=30)
    rh = (r.get("Messages") or [{"ReceiptHandle": "x"}])[0]["ReceiptHandle"]
    sqs("receive_message", QueueUrl=u)
    sqs("change_message_visibility", QueueUrl=u, ReceiptHandle=rh, VisibilityTimeout=43201)
    sqs("change_message_visibility", QueueUrl=u, ReceiptHandle=rh, VisibilityTimeout=-1)
    sqs("change_message_visibility", QueueUrl=u, ReceiptHandle=rh)
    sqs("change_message_visibility", QueueUrl=u, ReceiptHandle="bad", VisibilityTimeout=1)
    sqs("change_message_visibility", QueueUrl=u, VisibilityTimeout=1)
    sqs("change_message_visibility", QueueUrl=u, ReceiptHandle=rh, VisibilityTimeout=10)
    sqs(
        "get_queue_attributes",
        QueueUrl=u,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"],
    )
    sqs("delete_message", QueueUrl=u, ReceiptHandle="bad")
    sqs("delete_message", QueueUrl=u, ReceiptHandle="")
    sqs("delete_message", QueueUrl=u)
    sqs("delete_message", QueueUrl=u, ReceiptHandle=rh)
    sqs("delete_message", QueueUrl=u, ReceiptHandle=rh)
    sqs("change_message_visibility", QueueUrl=u, ReceiptHandle=rh, VisibilityTimeout=10)


def batches(sqs, sns):
    u = sqs("create_queue", QueueName="a")["QueueUrl"]

    def send_batch(e):
        return sqs("send_message_batch", QueueUrl=u, Entries=e)

    send_batch([])
    sqs("send_message_batch", QueueUrl=u)
    send_batch([{"Id": "1", "MessageBody": "x"}] * 2)
    send_batch([{"Id": str(i), "MessageBody": "x"} for i in range(11)])
    send_batch([{"Id": "", "MessageBody": "x"}])
    send_batch([{"Id": "a b", "MessageBody": "x"}])
    send_batch([{"Id": "a" * 81, "MessageBody": "x"}])
    send_batch([{"MessageBody": "x"}])
    send_batch([{"Id": "1"}])
    send_batch([{"Id": "1", "MessageBody": ""}, {"Id": "2", "MessageBody": "ok"}])
    send_batch([{"Id": "1", "MessageBody": "x", "DelaySeconds": 901}, {"Id": "2", "MessageBody": "ok"}])
    send_batch([{"Id": "1", "MessageBody": "a\u0000"}, {"Id": "2", "MessageBody": "ok"}])
    send_batch(
        [
            {"Id": "1", "MessageBody": "x", "MessageAttributes": {"a": {"DataType": "String", "StringValue": ""}}},
            {"Id": "2", "MessageBody": "ok", "MessageAttributes": {"a": {"DataType": "String", "StringValue": "1"}}},
        ]
    )
    send_batch([{"Id": str(i), "MessageBody": "x" * (200 * 1024)} for i in range(6)])
    send_batch([{"Id": str(i), "MessageBody": "x" * (600 * 1024)} for i in range(2)])
    sqs("send_message", QueueUrl=u, MessageBody="x" * 1048577)
    send_batch([{"Id": "i", "MessageBody": "x", "MessageDeduplicationId": "d"}])
    r = sqs("receive_message", QueueUrl=u, MaxNumberOfMessages=10)
    rs = [m["ReceiptHandle"] for m in r.get("Messages", [])] + ["bad"] * 3

    def change_batch(e):
        return sqs("change_message_visibility_batch", QueueUrl=u, Entries=e)

    change_batch([])
    change_batch(
        [
            {"Id": "1", "ReceiptHandle": rs[0], "VisibilityTimeout": 10},
            {"Id": "2", "ReceiptHandle": "bad", "VisibilityTimeout": 10},
            {"Id": "3", "ReceiptHandle": rs[1], "VisibilityTimeout": 99999},
            {"Id": "4", "ReceiptHandle": rs[1]},
        ]
    )
    change_batch([{"Id": "1", "ReceiptHandle": rs[0], "VisibilityTimeout": 10}] * 2)
    change_batch([{"Id": str(i), "ReceiptHandle": rs[0], "VisibilityTimeout": 10} for i in range(11)])
    change_batch([{"Id": "a b", "ReceiptHandle": rs[0], "VisibilityTimeout": 10}])

    def delete_batch(e):
        return sqs("delete_message_batch", QueueUrl=u, Entries=e)

    delete_batch([])
    delete_batch([{"Id": "1", "ReceiptHandle": rs[0]}, {"Id": "2", "ReceiptHandle": "bad"}])
    delete_batch([{"Id": "1", "ReceiptHandle": rs[0]}] * 2)
    delete_batch([{"Id": str(i), "ReceiptHandle": rs[0]} for i in range(11)])
    delete_batch([{"Id": "a b", "ReceiptHandle": rs[0]}])
    delete_batch([{"Id": "1"}])
    none = "http://h/" + account + "/none"
    for op, kw in (
        ("delete_message", dict(ReceiptHandle="x")),
        ("delete_message_batch", dict(Entries=[{"Id": "1", "ReceiptHandle": "x"}])),
        ("change_message_visibility", dict(ReceiptHandle="x", VisibilityTimeout=1)),
        ("change_message_visibility_batch", dict(Entries=[{"Id": "1", "ReceiptHandle": "x", "VisibilityTimeout": 1}])),
        ("receive_message", {}),
        ("send_message_batch", dict(Entries=[{"Id": "1", "MessageBody": "x"}])),
        ("purge_queue", {}),
        ("delete_queue", {}),
        ("set_queue_attributes", dict(Attributes={"DelaySeconds": "1"})),
        ("tag_queue", dict(Tags={"a": "b"})),
        ("untag_queue", dict(TagKeys=["a"])),
        ("list_queue_tags", {}),
        ("add_permission", dict(Label="l", AWSAccountIds=[account], Actions=["*"])),
        ("remove_permission", dict(Label="l")),
        ("list_dead_letter_source_queues", {}),
    ):
        sqs(op, QueueUrl=none, **kw)


def redrive(sqs, sns):
    d = sqs("create_queue", QueueName="dlq")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{account}:dlq"

    def source_with(**k):
        return sqs("create_queue", QueueName="src", Attributes={"RedrivePolicy": json.dumps(k)})

    source_with(deadLetterTargetArn=arn)
    source_with(maxReceiveCount=1)
    source_with(deadLetterTargetArn=arn, maxReceiveCount=0)
    source_with(deadLetterTargetArn=arn, maxReceiveCount=1001)
    source_with(deadLetterTargetArn=arn, maxReceiveCount="x")
    source_with(deadLetterTargetArn=arn + "x", maxReceiveCount=1)
    source_with(deadLetterTargetArn="foo", maxReceiveCount=1)
    source_with(deadLetterTargetArn="arn:aws:sqs:eu-west-1:" + account + ":dlq", maxReceiveCount=1)
    u = source_with(deadLetterTargetArn=arn, maxReceiveCount=1).get("QueueUrl")
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["RedrivePolicy"])
    sqs("list_dead_letter_source_queues", QueueUrl=d)
    sqs("list_dead_letter_source_queues", QueueUrl=u)
    sqs("list_dead_letter_source_queues", QueueUrl=d, MaxResults=1)
    sqs(
        "create_queue",
        QueueName="s.fifo",
        Attributes={"FifoQueue": "true", "RedrivePolicy": json.dumps(dict(deadLetterTargetArn=arn, maxReceiveCount=1))},
    )
    sqs("send_message", QueueUrl=u, MessageBody="m")
    sqs("receive_message", QueueUrl=u, VisibilityTimeout=0)
    sqs("receive_message", QueueUrl=u, VisibilityTimeout=0)
    sqs("receive_message", QueueUrl=d, AttributeNames=["All"], VisibilityTimeout=0)
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"RedrivePolicy": json.dumps(dict(deadLetterTargetArn=arn, maxReceiveCount="5"))})
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["RedrivePolicy"])

    def allow_sources(v):
        return sqs("set_queue_attributes", QueueUrl=d, Attributes={"RedriveAllowPolicy": json.dumps(v)})

    allow_sources({"redrivePermission": "denyAll"})
    allow_sources({"redrivePermission": "foo"})
    allow_sources({})
    allow_sources({"redrivePermission": "byQueue"})
    allow_sources({"redrivePermission": "byQueue", "sourceQueueArns": []})
    allow_sources({"redrivePermission": "byQueue", "sourceQueueArns": ["x"]})
    allow_sources({"redrivePermission": "allowAll", "sourceQueueArns": [arn]})
    allow_sources({"redrivePermission": "byQueue", "sourceQueueArns": [arn] * 11})
    src = f"arn:aws:sqs:us-east-1:{account}:src"

    def start(**k):
        return sqs("start_message_move_task", **k)

    start()
    start(SourceArn="x")
    start(SourceArn=arn + "none")
    start(SourceArn=src)
    start(SourceArn=arn, MaxNumberOfMessagesPerSecond=501)
    start(SourceArn=arn, MaxNumberOfMessagesPerSecond=0)
    start(SourceArn=arn, DestinationArn=arn)
    start(SourceArn=arn, DestinationArn=arn + "none")
    start(SourceArn=arn, DestinationArn="x")
    h = start(SourceArn=arn)
    time.sleep(1)
    sqs("list_message_move_tasks", SourceArn=arn)
    sqs("list_message_move_tasks", SourceArn=arn, MaxResults=11)
    sqs("list_message_move_tasks", SourceArn=arn, MaxResults=0)
    sqs("list_message_move_tasks", SourceArn="x")
    sqs("list_message_move_tasks", SourceArn=arn + "none")
    sqs("list_message_move_tasks")
    sqs("cancel_message_move_task", TaskHandle="x")
    sqs("cancel_message_move_task")
    sqs("cancel_message_move_task", TaskHandle=h.get("TaskHandle", "x"))
    sqs("receive_message", QueueUrl=u, AttributeNames=["All"])


scenarios = [messages, batches, redrive]

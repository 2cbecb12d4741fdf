"""Queues: what they are called, their attributes, permissions and tags. Each function is a scenario on a service that is empty."""

account = "123456789012"


def queues(sqs, sns):
    u = sqs("create_queue", QueueName="a")["QueueUrl"]
    sqs("create_queue", QueueName="a")
    sqs("create_queue", QueueName="a", Attributes={"VisibilityTimeout": "10"})
    sqs("create_queue", QueueName="a", Attributes={"VisibilityTimeout": "30"})
    for bad in ("", "a b", "a" * 81, "a.fifo", "x/y", "ü"):
        sqs("create_queue", QueueName=bad)
    sqs("create_queue", QueueName="f", Attributes={"FifoQueue": "true"})
    sqs("create_queue", QueueName="f.fifo", Attributes={"FifoQueue": "false"})
    sqs("create_queue", QueueName="g", Attributes={"FifoQueue": "false"})
    sqs("create_queue", QueueName="f.fifo", Attributes={"FifoQueue": "true"})
    sqs("create_queue", QueueName="h", Attributes={"ContentBasedDeduplication": "true"})
    sqs("create_queue", QueueName="h", Attributes={"Nope": "true"})
    for k, v in (
        ("VisibilityTimeout", "43201"),
        ("VisibilityTimeout", "-1"),
        ("VisibilityTimeout", "x"),
        ("DelaySeconds", "901"),
        ("MaximumMessageSize", "1023"),
        ("MaximumMessageSize", "1048577"),
        ("MaximumMessageSize", "262145"),
        ("MessageRetentionPeriod", "59"),
        ("MessageRetentionPeriod", "1209601"),
        ("ReceiveMessageWaitTimeSeconds", "21"),
        ("KmsDataKeyReusePeriodSeconds", "59"),
        ("SqsManagedSseEnabled", "maybe"),
        ("Policy", "x"),
        ("RedrivePolicy", "x"),
        ("RedriveAllowPolicy", "x"),
        ("QueueArn", "x"),
        ("VisibilityTimeout", ""),
    ):
        sqs("create_queue", QueueName="bad", Attributes={k: v})
    sqs("create_queue")
    sqs("get_queue_url", QueueName="a")
    sqs("get_queue_url", QueueName="none")
    sqs("get_queue_url", QueueName="a", QueueOwnerAWSAccountId=account)
    sqs("get_queue_url", QueueName="a", QueueOwnerAWSAccountId="111111111111")
    sqs("get_queue_url")
    sqs("get_queue_url", QueueName="")
    sqs("list_queues")
    sqs("list_queues", QueueNamePrefix="f")
    sqs("list_queues", QueueNamePrefix="zzz")
    sqs("list_queues", MaxResults=1)
    sqs("list_queues", MaxResults=0)
    sqs("list_queues", MaxResults=1001)
    sqs("list_queues", NextToken="bad")
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["All"])
    sqs("get_queue_attributes", QueueUrl=u)
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=[])
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["Nope"])
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["Policy"])
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["VisibilityTimeout", "QueueArn"])
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["FifoQueue"])
    sqs("get_queue_attributes", QueueUrl="http://h/" + account + "/none", AttributeNames=["All"])
    sqs("get_queue_attributes", QueueUrl="none", AttributeNames=["All"])
    sqs("get_queue_attributes", AttributeNames=["All"])
    sqs("get_queue_attributes", QueueUrl="", AttributeNames=["All"])
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"VisibilityTimeout": "5"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={})
    sqs("set_queue_attributes", QueueUrl=u)
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"Nope": "5"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"FifoQueue": "true"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"VisibilityTimeout": "x"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"Policy": ""})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": "300"})
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["All"])
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"SqsManagedSseEnabled": "true"})
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["KmsMasterKeyId", "SqsManagedSseEnabled"])
    sqs("delete_queue", QueueUrl=u)
    sqs("delete_queue", QueueUrl=u)
    sqs("create_queue", QueueName="a")
    sqs("purge_queue", QueueUrl=u)
    sqs("purge_queue", QueueUrl="http://h/" + account + "/f.fifo")


def fifo_queues(sqs, sns):
    u = sqs("create_queue", QueueName="f.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["All"])
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"FifoThroughputLimit": "perMessageGroupId"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"FifoThroughputLimit": "perMessageGroupId", "DeduplicationScope": "messageGroup"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"DeduplicationScope": "queue"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"DeduplicationScope": "x"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"FifoQueue": "false"})
    sqs("set_queue_attributes", QueueUrl=u, Attributes={"FifoQueue": "true"})
    sqs("send_message", QueueUrl=u, MessageBody="m")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g", MessageDeduplicationId="d")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="", MessageDeduplicationId="d")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g", MessageDeduplicationId="")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g" * 129, MessageDeduplicationId="d")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g h", MessageDeduplicationId="d")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g", MessageDeduplicationId="d e")
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g", MessageDeduplicationId="e", DelaySeconds=2)
    sqs("send_message", QueueUrl=u, MessageBody="m", MessageGroupId="g", MessageDeduplicationId="d0", DelaySeconds=0)
    sqs(
        "send_message_batch",
        QueueUrl=u,
        Entries=[
            {"Id": "1", "MessageBody": "x", "MessageGroupId": "g", "MessageDeduplicationId": "b1"},
            {"Id": "2", "MessageBody": "x", "MessageGroupId": "g"},
        ],
    )
    sqs(
        "send_message_batch",
        QueueUrl=u,
        Entries=[
            {"Id": "1", "MessageBody": "x", "MessageGroupId": "g", "MessageDeduplicationId": "b1"},
            {"Id": "2", "MessageBody": "y", "MessageGroupId": "g", "MessageDeduplicationId": "b1"},
        ],
    )
    r = sqs("receive_message", QueueUrl=u, MaxNumberOfMessages=10, AttributeNames=["All"])
    sqs("receive_message", QueueUrl=u, MaxNumberOfMessages=10, AttributeNames=["All"])
    rh = r["Messages"][0]["ReceiptHandle"]
    sqs("change_message_visibility", QueueUrl=u, ReceiptHandle=rh, VisibilityTimeout=0)
    sqs("receive_message", QueueUrl=u, ReceiveRequestAttemptId="a b")
    r = sqs("receive_message", QueueUrl=u, ReceiveRequestAttemptId="a")
    s = sqs("create_queue", QueueName="s")["QueueUrl"]
    sqs("send_message", QueueUrl=s, MessageBody="m", MessageDeduplicationId="d")
    sqs("send_message", QueueUrl=s, MessageBody="m", MessageGroupId="d")
    sqs("receive_message", QueueUrl=s, AttributeNames=["All"])
    sqs("receive_message", QueueUrl=s, ReceiveRequestAttemptId="z")


def permissions_and_tags(sqs, sns):
    u = sqs("create_queue", QueueName="a", tags={"x": "y"})["QueueUrl"]
    sqs("list_queue_tags", QueueUrl=u)
    sqs("tag_queue", QueueUrl=u, Tags={"k": "v", "e": ""})
    sqs("list_queue_tags", QueueUrl=u)
    sqs("untag_queue", QueueUrl=u, TagKeys=["k"])
    sqs("untag_queue", QueueUrl=u, TagKeys=["nope"])
    sqs("untag_queue", QueueUrl=u, TagKeys=[])
    sqs("untag_queue", QueueUrl=u)
    sqs("tag_queue", QueueUrl=u, Tags={})
    sqs("tag_queue", QueueUrl=u)
    sqs("tag_queue", QueueUrl=u, Tags={f"k{i}": "v" for i in range(60)})
    sqs("tag_queue", QueueUrl=u, Tags={"a" * 129: "v"})
    sqs("tag_queue", QueueUrl=u, Tags={"a": "v" * 257})
    sqs("tag_queue", QueueUrl=u, Tags={"aws:x": "v"})
    sqs("list_queue_tags", QueueUrl=u)
    b = sqs("create_queue", QueueName="b")["QueueUrl"]
    sqs("list_queue_tags", QueueUrl=b)
    sqs("create_queue", QueueName="b", tags={"x": "y"})
    sqs("create_queue", QueueName="tb", tags={f"k{i}": "v" for i in range(51)})

    def allow(**k):
        return sqs("add_permission", QueueUrl=u, **k)

    allow(Label="l", AWSAccountIds=[account], Actions=["SendMessage"])
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["Policy"])
    allow(Label="l", AWSAccountIds=[account], Actions=["SendMessage"])
    allow(Label="m", AWSAccountIds=[account, "111111111111"], Actions=["SendMessage", "ReceiveMessage"])
    allow(Label="n", AWSAccountIds=[account], Actions=["*"])
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["Policy"])
    allow(Label="o", AWSAccountIds=[account], Actions=["Foo"])
    allow(Label="o", AWSAccountIds=[account], Actions=["CreateQueue"])
    allow(Label="o", AWSAccountIds=[], Actions=["SendMessage"])
    allow(Label="o", AWSAccountIds=[account], Actions=[])
    allow(Label="a b", AWSAccountIds=[account], Actions=["SendMessage"])
    allow(Label="", AWSAccountIds=[account], Actions=["SendMessage"])
    allow(Label="o", AWSAccountIds=["x"], Actions=["SendMessage"])
    allow(
        Label="o",
        AWSAccountIds=[account],
        Actions=[
            "SendMessage",
            "ReceiveMessage",
            "DeleteMessage",
            "ChangeMessageVisibility",
            "GetQueueAttributes",
            "GetQueueUrl",
            "PurgeQueue",
            "ListDeadLetterSourceQueues",
        ],
    )
    sqs("remove_permission", QueueUrl=u, Label="l")
    sqs("remove_permission", QueueUrl=u, Label="l")
    sqs("remove_permission", QueueUrl=u)
    sqs("remove_permission", QueueUrl=u, Label="m")
    sqs("remove_permission", QueueUrl=u, Label="n")
    sqs("get_queue_attributes", QueueUrl=u, AttributeNames=["Policy"])


scenarios = [queues, fifo_queues, permissions_and_tags]

"""Subscriptions with their filters, and publications. Each function is a scenario on a service that is empty."""

import json

account = "123456789012"


def subscriptions(sqs, sns):
    t = sns("create_topic", Name="t")["TopicArn"]
    u = sqs("create_queue", QueueName="a")["QueueUrl"]
    qa = f"arn:aws:sqs:us-east-1:{account}:a"
    f = sns("create_topic", Name="f.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    sqs("create_queue", QueueName="q.fifo", Attributes={"FifoQueue": "true"})
    fa = f"arn:aws:sqs:us-east-1:{account}:q.fifo"
    s = sns("subscribe", TopicArn=t, Protocol="sqs", Endpoint=qa)["SubscriptionArn"]
    sns("subscribe", TopicArn=t, Protocol="sqs", Endpoint=qa)
    sns("subscribe", TopicArn=t, Protocol="sqs", Endpoint=qa, Attributes={"RawMessageDelivery": "true"})
    sns("get_subscription_attributes", SubscriptionArn=s)

    def subscribe(p, e, **k):
        return sns("subscribe", TopicArn=t, Protocol=p, Endpoint=e, **k)

    subscribe("sqs", "x")
    subscribe("sqs", fa)
    subscribe("sqs", qa + "none")
    subscribe("foo", "x")
    subscribe("http", "x")
    subscribe("https", "http://a/b")
    subscribe("http", "http://h/")
    subscribe("http", "http://h/", ReturnSubscriptionArn=True)
    subscribe("email", "x")
    subscribe("email", "a@b.c")
    subscribe("email-json", "a@b.c")
    subscribe("sms", "x")
    subscribe("sms", "+15551234567")
    subscribe("sms", "+15551234567")
    subscribe("sms", "15551234567")
    subscribe("sms", "+15--551234567")
    subscribe("lambda", "x")
    subscribe("lambda", f"arn:aws:lambda:us-east-1:{account}:function:f")
    subscribe("application", "x")
    subscribe("firehose", "arn:aws:firehose:us-east-1:" + account + ":deliverystream/x")
    subscribe("sqs", "")
    sns("subscribe", TopicArn=t, Protocol="sqs")
    sns("subscribe", TopicArn=t)
    sns("subscribe", TopicArn=f, Protocol="sqs", Endpoint=qa)
    sns("subscribe", TopicArn=f, Protocol="http", Endpoint="http://h/")
    fs = sns("subscribe", TopicArn=f, Protocol="sqs", Endpoint=fa).get("SubscriptionArn")
    subscribe("sqs", qa + "2", Attributes={"Nope": "x"})
    subscribe("sqs", qa + "2", Attributes={"RawMessageDelivery": "x"})
    subscribe("sqs", qa + "2", Attributes={"FilterPolicy": "x"})
    subscribe("sqs", qa + "2", Attributes={"FilterPolicyScope": "x"})
    subscribe("sqs", qa + "2", Attributes={"RedrivePolicy": "x"})
    subscribe("sqs", qa + "2", Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": "x"})})
    subscribe("email", "r@b.c", Attributes={"RawMessageDelivery": "true"})

    def set_attribute(nm, v):
        return sns("set_subscription_attributes", SubscriptionArn=s, AttributeName=nm, AttributeValue=v)

    set_attribute("RawMessageDelivery", "true")
    set_attribute("RawMessageDelivery", "x")
    set_attribute("Nope", "x")
    set_attribute("FilterPolicyScope", "MessageBody")
    set_attribute("FilterPolicyScope", "x")
    set_attribute("FilterPolicyScope", "MessageAttributes")
    set_attribute("DeliveryPolicy", "{}")
    set_attribute("RedrivePolicy", json.dumps({"deadLetterTargetArn": qa}))
    set_attribute("ReplayPolicy", "{}")
    set_attribute("SubscriptionRoleArn", "x")
    set_attribute("Owner", "x")

    def set_filter(v):
        return set_attribute("FilterPolicy", v if isinstance(v, str) else json.dumps(v))

    for v in (
        {"a": ["x"]},
        {"a": [1, 1.5]},
        {"a": "x"},
        {"a": []},
        {"a": [{"prefix": "x"}]},
        {"a": [{"prefix": 1}]},
        {"a": [{"suffix": "x"}]},
        {"a": [{"suffix": 1}]},
        {"a": [{"foo": 1}]},
        {"a": [{"exists": True}]},
        {"a": [{"exists": "x"}]},
        {"a": [{"anything-but": "x"}]},
        {"a": [{"anything-but": []}]},
        {"a": [{"anything-but": {"prefix": "x"}}]},
        {"a": [{"anything-but": {"foo": "x"}}]},
        {"a": [{"anything-but": [True]}]},
        {"a": [{"numeric": ["=", 1]}]},
        {"a": [{"numeric": []}]},
        {"a": [{"numeric": ["foo", 1]}]},
        {"a": [{"numeric": ["=", "x"]}]},
        {"a": [{"numeric": ["<", 1, ">", 0]}]},
        {"a": [{"numeric": [">", 1, "<", 0]}]},
        {"a": [{"numeric": [">", 1, "<"]}]},
        {"a": [{"numeric": [">", 1, "<", 2, "<", 3]}]},
        {"a": [{"numeric": ["=", 1e10]}]},
        {"a": [{"numeric": ["=", 1000000000]}]},
        {"a": [1000000001]},
        {"a": [{"numeric": ["<", -1e10]}]},
        {"a": [{"cidr": "10.0.0.0/24"}]},
        {"a": [{"cidr": "x"}]},
        {"a": [{"equals-ignore-case": "x"}]},
        {"a": [{"wildcard": "x*"}]},
        {"a": [{"x": 1, "y": 2}]},
        {"a": [["x"]]},
        {"a": {"b": ["x"]}},
        {"a": None},
        {"a": [None]},
        {"a": [True]},
        {"a": [{}]},
        {"a": [[]]},
        {f"k{i}": ["x"] for i in range(6)},
        {"a": ["x"] * 151},
        {"a": list(range(10)), "b": list(range(16))},
        [],
        "x",
        "",
        {},
        {"$or": [{"a": ["x"]}, {"b": ["y"]}]},
        {"$or": []},
        {"$or": [{"a": ["x"]}]},
        {"$or": "x"},
        {"a": [{"numeric": ["=", 1, ">", 2]}]},
        {"a": [{"numeric": [1]}]},
        {"a": [{"exists": [True]}]},
        {"a": [{"anything-but": {"suffix": "x"}}]},
        {"a": [{"numeric": ["="]}]},
        {"a": [{"numeric": "x"}]},
    ):
        set_filter(v)
    sns("get_subscription_attributes", SubscriptionArn=s)
    for op, kw in (
        ("get_subscription_attributes", {}),
        ("set_subscription_attributes", dict(AttributeName="RawMessageDelivery", AttributeValue="true")),
        ("unsubscribe", {}),
    ):
        sns(op, SubscriptionArn=s[:-3] + "zzz", **kw)
        sns(op, SubscriptionArn="bad", **kw)
        sns(op, **kw)
        sns(op, SubscriptionArn=t + ":" + "0" * 8 + "-0000-0000-0000-" + "0" * 12, **kw)
    sns("list_subscriptions_by_topic", TopicArn=f)
    sns("list_subscriptions", NextToken="bad")
    sns("confirm_subscription", TopicArn=t, Token="x" * 64)
    sns("confirm_subscription", TopicArn=t)
    sns("unsubscribe", SubscriptionArn=s)
    sns("unsubscribe", SubscriptionArn=s)
    sns("delete_topic", TopicArn=f)
    sns("list_subscriptions_by_topic", TopicArn=f)
    sns("get_subscription_attributes", SubscriptionArn=fs)


def publishing(sqs, sns):
    t = sns("create_topic", Name="t")["TopicArn"]
    u = sqs("create_queue", QueueName="a")["QueueUrl"]
    qa = f"arn:aws:sqs:us-east-1:{account}:a"
    sns("subscribe", TopicArn=t, Protocol="sqs", Endpoint=qa)

    def publish(**k):
        return sns("publish", TopicArn=t, **k)

    publish(Message="m")
    publish(Message="")
    publish()
    publish(Message="m", Subject="s")
    publish(Message="m", Subject="")
    publish(Message="m", Subject="s" * 101)
    publish(Message="m", Subject=" lead")
    publish(Message="m", Subject="a\nb")
    publish(Message="x" * 262145)
    publish(Message="m", MessageStructure="json")
    publish(Message="{}", MessageStructure="json")
    publish(Message='{"default":"d","sqs":"q"}', MessageStructure="json")
    publish(Message='{"default":1}', MessageStructure="json")
    publish(Message="m", MessageStructure="xml")
    publish(Message="m", MessageGroupId="g")
    publish(Message="m", MessageDeduplicationId="d")
    publish(Message="m", Subject="ünï")

    def publish_with(**a):
        return publish(Message="m", MessageAttributes=a)

    publish_with(a={"DataType": "String", "StringValue": "v"})
    publish_with(a={"DataType": "String", "StringValue": ""})
    publish_with(a={"DataType": "String"})
    publish_with(a={"StringValue": "v"})
    publish_with(a={"DataType": "Number", "StringValue": "x"})
    publish_with(a={"DataType": "Foo", "StringValue": "x"})
    publish_with(a={"DataType": "Binary", "StringValue": "x"})
    publish_with(a={"DataType": "String", "BinaryValue": b"x"})
    publish_with(a={"DataType": "Binary", "BinaryValue": b"x"})
    publish_with(a={"DataType": "String.Array", "StringValue": "[1]"})
    publish_with(a={"DataType": "String.Array", "StringValue": "x"})
    publish_with(**{"AWS.x": {"DataType": "String", "StringValue": "v"}})
    publish_with(**{".x": {"DataType": "String", "StringValue": "v"}})
    publish_with(**{"x y": {"DataType": "String", "StringValue": "v"}})
    publish_with(**{"": {"DataType": "String", "StringValue": "v"}})
    publish_with(**{"a" * 257: {"DataType": "String", "StringValue": "v"}})
    for _ in range(3):
        r = sqs("receive_message", QueueUrl=u, MaxNumberOfMessages=1)
    sns("publish", TargetArn=t, Message="m")
    sns("publish", Message="m")
    sns("publish", PhoneNumber="+15551234567", Message="m")
    sns("publish", PhoneNumber="x", Message="m")
    sns("publish", PhoneNumber="+15551234567", TopicArn=t, Message="m")
    sns("publish", TargetArn="arn:aws:sns:us-east-1:" + account + ":endpoint/GCM/a/x", Message="m")
    sns("publish", TopicArn=t, TargetArn=t, Message="m")

    def publish_batch(e, topic=t):
        return sns("publish_batch", TopicArn=topic, PublishBatchRequestEntries=e)

    publish_batch([])
    sns("publish_batch", TopicArn=t)
    publish_batch([{"Id": "1", "Message": "m"}] * 2)
    publish_batch([{"Id": str(i), "Message": "m"} for i in range(11)])
    publish_batch([{"Id": "a b", "Message": "m"}])
    publish_batch([{"Id": "", "Message": "m"}])
    publish_batch([{"Id": "1", "Message": ""}, {"Id": "2", "Message": "m"}])
    publish_batch([{"Id": "1", "Message": "m", "Subject": "s" * 101}, {"Id": "2", "Message": "m"}])
    publish_batch([{"Id": str(i), "Message": "x" * (30 * 1024)} for i in range(10)])
    publish_batch([{"Id": "1", "Message": "x", "MessageStructure": "json"}, {"Id": "2", "Message": "m"}])
    publish_batch([{"Id": "1", "Message": "m", "MessageAttributes": {"a": {"DataType": "Foo", "StringValue": "x"}}}, {"Id": "2", "Message": "m"}])
    publish_batch([{"Id": "1", "Message": "x" * 262145}, {"Id": "2", "Message": "m"}])
    f = sns("create_topic", Name="f.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]

    def publish_fifo(**k):
        return sns("publish", TopicArn=f, Message="m", **k)

    publish_fifo()
    publish_fifo(MessageGroupId="g")
    publish_fifo(MessageGroupId="g", MessageDeduplicationId="d")
    publish_fifo(MessageGroupId="g h", MessageDeduplicationId="d")
    publish_fifo(MessageGroupId="g" * 129, MessageDeduplicationId="d")
    publish_fifo(MessageGroupId="", MessageDeduplicationId="d")
    publish_fifo(MessageDeduplicationId="d")
    publish_fifo(MessageGroupId="g", MessageDeduplicationId="d" * 129)
    publish_batch([{"Id": "1", "Message": "m"}], f)
    publish_batch([{"Id": "1", "Message": "m", "MessageGroupId": "g"}], f)
    publish_batch(
        [
            {"Id": "1", "Message": "m", "MessageGroupId": "g", "MessageDeduplicationId": "z"},
            {"Id": "2", "Message": "m", "MessageDeduplicationId": "z2"},
        ],
        f,
    )


scenarios = [subscriptions, publishing]

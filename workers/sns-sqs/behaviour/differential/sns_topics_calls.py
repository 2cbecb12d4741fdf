"""Topics, applications with their devices, and text messages. Each function is a scenario on a service that is empty."""

import json

account = "123456789012"


def topics(sqs, sns):
    t = sns("create_topic", Name="t")["TopicArn"]
    sns("create_topic", Name="t")
    sns("get_topic_attributes", TopicArn=t)
    sns("list_topics")
    for bad in ("", "a b", "a" * 257, "t.fifo", "x.y", "ü"):
        sns("create_topic", Name=bad)
    sns("create_topic")
    sns("create_topic", Name="f", Attributes={"FifoTopic": "true"})
    sns("create_topic", Name="f.fifo", Attributes={"FifoTopic": "false"})
    f = sns("create_topic", Name="f.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    sns("get_topic_attributes", TopicArn=f)
    sns("create_topic", Name="t", Attributes={"DisplayName": "x"})
    sns("create_topic", Name="t", Tags=[{"Key": "a", "Value": "b"}])
    sns("create_topic", Name="n", Attributes={"Nope": "x"})
    sns("create_topic", Name="n", Attributes={"ContentBasedDeduplication": "true"})
    d = sns("create_topic", Name="d", Attributes={"DisplayName": "Disp", "KmsMasterKeyId": "k"}, Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
    sns("get_topic_attributes", TopicArn=d)
    sns("list_tags_for_resource", ResourceArn=d)
    sns("create_topic", Name="d2", Tags=[{"Key": "a", "Value": "b"}, {"Key": "a", "Value": "c"}])
    none = t + "none"
    for op, kw in (
        ("get_topic_attributes", {}),
        ("set_topic_attributes", dict(AttributeName="DisplayName", AttributeValue="x")),
        ("delete_topic", {}),
        ("subscribe", dict(Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{account}:a")),
        ("publish", dict(Message="x")),
        ("publish_batch", dict(PublishBatchRequestEntries=[{"Id": "1", "Message": "x"}])),
        ("list_subscriptions_by_topic", {}),
        ("confirm_subscription", dict(Token="x")),
        ("add_permission", dict(Label="l", AWSAccountId=[account], ActionName=["Publish"])),
        ("remove_permission", dict(Label="l")),
    ):
        sns(op, TopicArn=none, **kw)
        sns(op, TopicArn="bad", **kw)
        sns(op, **kw)
        sns(op, TopicArn="", **kw)
    for nm, v in (
        ("DisplayName", "D"),
        ("Nope", "x"),
        ("Policy", "x"),
        ("Policy", "{}"),
        ("DeliveryPolicy", "x"),
        ("DeliveryPolicy", json.dumps({"http": {"defaultHealthyRetryPolicy": {"numRetries": 5}}})),
        ("KmsMasterKeyId", "x"),
        ("SignatureVersion", "2"),
        ("SignatureVersion", "3"),
        ("TracingConfig", "Active"),
        ("TracingConfig", "x"),
        ("FifoTopic", "true"),
        ("ContentBasedDeduplication", "true"),
        ("SQSSuccessFeedbackSampleRate", "100"),
        ("SQSSuccessFeedbackSampleRate", "101"),
        ("HTTPSuccessFeedbackRoleArn", "arn:aws:iam::" + account + ":role/x"),
        ("Owner", "x"),
        ("ArchivePolicy", "x"),
    ):
        sns("set_topic_attributes", TopicArn=t, AttributeName=nm, AttributeValue=v)
    sns("set_topic_attributes", TopicArn=f, AttributeName="ContentBasedDeduplication", AttributeValue="true")
    sns("set_topic_attributes", TopicArn=f, AttributeName="FifoTopic", AttributeValue="true")
    sns("set_topic_attributes", TopicArn=f, AttributeName="FifoThroughputScope", AttributeValue="MessageGroup")
    sns("set_topic_attributes", TopicArn=f, AttributeName="ArchivePolicy", AttributeValue='{"MessageRetentionPeriod":"30"}')
    sns("set_topic_attributes", TopicArn=f, AttributeName="ArchivePolicy", AttributeValue='{"MessageRetentionPeriod":"400"}')
    sns("get_topic_attributes", TopicArn=t)
    sns("get_topic_attributes", TopicArn=f)
    sns("add_permission", TopicArn=t, Label="l", AWSAccountId=[account], ActionName=["Publish"])
    sns("get_topic_attributes", TopicArn=t)
    sns("add_permission", TopicArn=t, Label="l", AWSAccountId=[account], ActionName=["Publish"])
    sns("add_permission", TopicArn=t, Label="m", AWSAccountId=[account], ActionName=["Nope"])
    sns("add_permission", TopicArn=t, Label="m", AWSAccountId=[account, "111111111111"], ActionName=["Publish", "Subscribe"])
    sns("add_permission", TopicArn=t, Label="", AWSAccountId=[account], ActionName=["Publish"])
    sns("add_permission", TopicArn=t, Label="x", AWSAccountId=[], ActionName=["Publish"])
    sns("get_topic_attributes", TopicArn=t)
    sns("remove_permission", TopicArn=t, Label="l")
    sns("remove_permission", TopicArn=t, Label="l")
    sns("tag_resource", ResourceArn=t, Tags=[{"Key": "a", "Value": "b"}])
    sns("tag_resource", ResourceArn=t, Tags=[{"Key": "a", "Value": "b"}, {"Key": "a", "Value": "c"}])
    sns("tag_resource", ResourceArn=none, Tags=[{"Key": "a", "Value": "b"}])
    sns("tag_resource", ResourceArn=t, Tags=[{"Key": f"k{i}", "Value": "b"} for i in range(51)])
    sns("tag_resource", ResourceArn=t, Tags=[{"Key": "a" * 129, "Value": "b"}])
    sns("tag_resource", ResourceArn=t)
    sns("list_tags_for_resource", ResourceArn=t)
    sns("list_tags_for_resource", ResourceArn=none)
    sns("untag_resource", ResourceArn=t, TagKeys=["a", "zz"])
    sns("untag_resource", ResourceArn=none, TagKeys=["a"])
    sns("list_tags_for_resource", ResourceArn=t)
    sns("delete_topic", TopicArn=t)
    sns("delete_topic", TopicArn=t)
    sns("list_topics", NextToken="bad")
    sns("get_data_protection_policy", ResourceArn=d)
    sns("put_data_protection_policy", ResourceArn=d, DataProtectionPolicy="{}")


def platforms(sqs, sns):
    sns("create_platform_application", Name="a", Platform="GCM", Attributes={"PlatformCredential": "x"})
    sns("create_platform_application", Name="a", Platform="GCM", Attributes={})
    sns("create_platform_application", Name="a", Platform="FOO", Attributes={"PlatformCredential": "x"})
    sns("create_platform_application", Name="", Platform="GCM", Attributes={"PlatformCredential": "x"})
    sns("create_platform_application", Name="a b", Platform="GCM", Attributes={"PlatformCredential": "x"})
    sns("create_platform_application", Name="a", Platform="APNS", Attributes={"PlatformCredential": "x"})
    sns("create_platform_application", Name="ios", Platform="APNS", Attributes={"PlatformCredential": "x", "PlatformPrincipal": "p"})
    a = "arn:aws:sns:us-east-1:" + account + ":app/GCM/a"
    sns("list_platform_applications")
    sns("get_platform_application_attributes", PlatformApplicationArn=a)
    sns("get_platform_application_attributes", PlatformApplicationArn=a + "z")
    sns("get_platform_application_attributes", PlatformApplicationArn="x")
    sns("set_platform_application_attributes", PlatformApplicationArn=a, Attributes={"EventEndpointCreated": "x"})
    sns("set_platform_application_attributes", PlatformApplicationArn=a, Attributes={"Nope": "x"})
    sns("set_platform_application_attributes", PlatformApplicationArn=a + "z", Attributes={"a": "b"})
    e = sns("create_platform_endpoint", PlatformApplicationArn=a, Token="tok", CustomUserData="u")["EndpointArn"]
    sns("create_platform_endpoint", PlatformApplicationArn=a, Token="tok", CustomUserData="u")
    sns("create_platform_endpoint", PlatformApplicationArn=a, Token="tok", CustomUserData="v")
    sns("create_platform_endpoint", PlatformApplicationArn=a, Token="tok")
    sns("create_platform_endpoint", PlatformApplicationArn=a, Token="t2", Attributes={"Enabled": "false"})
    sns("create_platform_endpoint", PlatformApplicationArn=a + "z", Token="t")
    sns("create_platform_endpoint", PlatformApplicationArn=a, Token="")
    sns("create_platform_endpoint", PlatformApplicationArn=a)
    sns("get_endpoint_attributes", EndpointArn=e)
    sns("get_endpoint_attributes", EndpointArn=e + "z")
    sns("get_endpoint_attributes", EndpointArn="x")
    sns("list_endpoints_by_platform_application", PlatformApplicationArn=a)
    sns("list_endpoints_by_platform_application", PlatformApplicationArn=a + "z")
    sns("publish", TargetArn=e, Message="m")
    sns("set_endpoint_attributes", EndpointArn=e, Attributes={"Enabled": "false"})
    sns("set_endpoint_attributes", EndpointArn=e, Attributes={"Nope": "false"})
    sns("set_endpoint_attributes", EndpointArn=e, Attributes={"Enabled": "x"})
    sns("set_endpoint_attributes", EndpointArn=e + "z", Attributes={"Enabled": "false"})
    sns("publish", TargetArn=e, Message="m")
    sns("publish", TargetArn=e + "z", Message="m")
    sns("delete_endpoint", EndpointArn=e)
    sns("delete_endpoint", EndpointArn=e)
    sns("delete_endpoint", EndpointArn="x")
    sns("delete_platform_application", PlatformApplicationArn=a)
    sns("delete_platform_application", PlatformApplicationArn=a)
    sns("list_platform_applications")


def sms(sqs, sns):
    sns("get_sms_attributes")
    sns("set_sms_attributes", attributes={"DefaultSMSType": "Transactional", "MonthlySpendLimit": "5"})
    sns("get_sms_attributes")
    sns("get_sms_attributes", attributes=["DefaultSMSType"])
    sns("set_sms_attributes", attributes={"Nope": "x"})
    sns("set_sms_attributes", attributes={"DefaultSMSType": "x"})
    sns("set_sms_attributes")
    sns("set_sms_attributes", attributes={"DefaultSenderID": "x" * 12})
    sns("set_sms_attributes", attributes={"DeliveryStatusSuccessSamplingRate": "101"})
    sns("set_sms_attributes", attributes={"MonthlySpendLimit": "x"})
    sns("check_if_phone_number_is_opted_out", phoneNumber="+15551234567")
    sns("check_if_phone_number_is_opted_out", phoneNumber="+44x")
    sns("check_if_phone_number_is_opted_out")
    sns("check_if_phone_number_is_opted_out", phoneNumber="+1555123456799")
    sns("list_phone_numbers_opted_out")
    sns("opt_in_phone_number", phoneNumber="+15551234567")
    sns("opt_in_phone_number", phoneNumber="x")
    sns("get_sms_sandbox_account_status")
    sns("create_sms_sandbox_phone_number", PhoneNumber="+15551234567")
    sns("list_sms_sandbox_phone_numbers")
    sns("verify_sms_sandbox_phone_number", PhoneNumber="+15551234567", OneTimePassword="12345")
    sns("verify_sms_sandbox_phone_number", PhoneNumber="+15551234568", OneTimePassword="12345")
    sns("verify_sms_sandbox_phone_number", PhoneNumber="+15551234567", OneTimePassword="x")
    sns("delete_sms_sandbox_phone_number", PhoneNumber="+15551234567")
    sns("delete_sms_sandbox_phone_number", PhoneNumber="+15551234567")
    sns("list_origination_numbers")
    sns("list_origination_numbers", MaxResults=0)


scenarios = [topics, platforms, sms]

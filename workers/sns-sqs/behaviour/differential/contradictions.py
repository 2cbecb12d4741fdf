"""
Where moto contradicts what AWS documents, as the calls of the table show it: the action, what the simulator answers, what moto answers. What AWS
documents of an action is on its page, `reference`.
"""


def reference(name):
    service, action = name.split(".")
    page = "".join({"sms": "SMS"}.get(word, word.capitalize()) for word in action.split("_"))
    base = "AWSSimpleQueueService/latest/APIReference" if service == "sqs" else "sns/latest/api"
    return f"https://docs.aws.amazon.com/{base}/API_{page}.html"


def entry(name, here, there):
    return f"{name} {here} {there}"


reasons = {
    "moto answers 500, or what no client can read, where AWS documents an answer or an error of the client.": """
        sns.add_permission InvalidParameter failed
        sns.add_permission ok failed
        sns.check_if_phone_number_is_opted_out InvalidParameter failed
        sns.create_sms_sandbox_phone_number ok failed
        sns.create_topic InvalidParameter failed
        sns.delete_platform_application ok failed
        sns.delete_sms_sandbox_phone_number ResourceNotFound failed
        sns.delete_sms_sandbox_phone_number ok failed
        sns.delete_topic InvalidParameter failed
        sns.get_data_protection_policy InvalidParameter failed
        sns.get_sms_sandbox_account_status ok failed
        sns.get_topic_attributes InvalidParameter failed
        sns.list_origination_numbers ValidationException failed
        sns.list_origination_numbers ok failed
        sns.list_sms_sandbox_phone_numbers ok failed
        sns.list_subscriptions InvalidParameter failed
        sns.list_subscriptions_by_topic InvalidParameter failed
        sns.list_topics InvalidParameter failed
        sns.publish InvalidParameter failed
        sns.publish ValidationError failed
        sns.publish_batch InvalidParameter failed
        sns.put_data_protection_policy InvalidParameter failed
        sns.remove_permission InvalidParameter failed
        sns.remove_permission NotFound failed
        sns.remove_permission ok failed
        sns.set_subscription_attributes InvalidParameter failed
        sns.set_subscription_attributes ok failed
        sns.set_topic_attributes InvalidParameter failed
        sns.subscribe InvalidParameter failed
        sns.verify_sms_sandbox_phone_number ResourceNotFound failed
        sns.verify_sms_sandbox_phone_number VerificationException failed
        sns.verify_sms_sandbox_phone_number ok failed
        sqs.cancel_message_move_task InvalidParameterValue failed
        sqs.cancel_message_move_task MissingParameter failed
        sqs.cancel_message_move_task ResourceNotFoundException failed
        sqs.change_message_visibility MissingParameter failed
        sqs.create_queue InvalidAttributeValue failed
        sqs.create_queue InvalidParameterValue failed
        sqs.create_queue MissingParameter failed
        sqs.create_queue QueueAlreadyExists failed
        sqs.delete_message_batch MissingParameter failed
        sqs.list_message_move_tasks InvalidParameterValue failed
        sqs.list_message_move_tasks MissingParameter failed
        sqs.list_message_move_tasks ResourceNotFoundException failed
        sqs.list_message_move_tasks ok failed
        sqs.send_message InvalidParameterValue failed
        sqs.send_message MissingParameter failed
        sqs.send_message_batch MissingParameter failed
        sqs.send_message_batch ok failed
        sqs.set_queue_attributes InvalidAttributeValue failed
        sqs.start_message_move_task InvalidParameterValue failed
        sqs.start_message_move_task MissingParameter failed
        sqs.start_message_move_task ResourceNotFoundException failed
        sqs.start_message_move_task ok failed
    """,
    "AWS documents that this is refused, with this error; moto takes it.": """
        sqs.change_message_visibility_batch AWS.SimpleQueueService.BatchEntryIdsNotDistinct ok
        sqs.change_message_visibility_batch AWS.SimpleQueueService.TooManyEntriesInBatchRequest ok
        sns.publish_batch BatchRequestTooLong ok
        sns.confirm_subscription InvalidParameter ok
        sns.create_platform_application InvalidParameter ok
        sns.create_platform_endpoint InvalidParameter ok
        sns.create_topic InvalidParameter ok
        sns.delete_endpoint InvalidParameter ok
        sns.opt_in_phone_number InvalidParameter ok
        sns.publish InvalidParameter ok
        sns.publish ParameterValueInvalid ok
        sns.publish_batch EmptyBatchRequest ok
        sns.publish_batch InvalidParameter ok
        sns.set_endpoint_attributes InvalidParameter ok
        sns.publish_batch InvalidBatchEntryId ok
        sns.set_sms_attributes InvalidParameter ok
        sns.set_subscription_attributes InvalidParameter ok
        sns.set_topic_attributes InvalidParameter ok
        sns.subscribe InvalidParameter ok
        sns.tag_resource InvalidParameter ok
        sns.unsubscribe InvalidParameter ok
        sqs.add_permission InvalidParameterValue ok
        sqs.change_message_visibility InvalidParameterValue ok
        sqs.change_message_visibility MissingParameter ok
        sqs.change_message_visibility_batch AWS.SimpleQueueService.EmptyBatchRequest ok
        sqs.change_message_visibility_batch AWS.SimpleQueueService.InvalidBatchEntryId ok
        sqs.create_queue AWS.SimpleQueueService.QueueDeletedRecently ok
        sqs.create_queue InvalidAttributeName ok
        sqs.create_queue InvalidAttributeValue ok
        sqs.create_queue InvalidParameterValue ok
        sqs.delete_message MissingParameter ok
        sqs.delete_message_batch AWS.SimpleQueueService.InvalidBatchEntryId ok
        sqs.get_queue_url AWS.SimpleQueueService.NonExistentQueue ok
        sqs.list_queues InvalidParameterValue ok
        sqs.purge_queue AWS.SimpleQueueService.NonExistentQueue ok
        sqs.receive_message InvalidAttributeName ok
        sqs.receive_message InvalidParameterValue ok
        sqs.send_message AWS.SimpleQueueService.UnsupportedOperation ok
        sqs.send_message InvalidMessageContents ok
        sqs.send_message InvalidParameterValue ok
        sqs.send_message MissingParameter ok
        sqs.set_queue_attributes InvalidAttributeName ok
        sqs.set_queue_attributes InvalidAttributeValue ok
        sqs.set_queue_attributes InvalidParameterValue ok
        sqs.set_queue_attributes MissingParameter ok
        sqs.tag_queue InvalidParameterValue ok
    """,
    "moto has another code or status than the model that AWS gives its SDKs, or looks for the resource before it reads the request.": """
        sqs.delete_message_batch AWS.SimpleQueueService.TooManyEntriesInBatchRequest AWS.SimpleQueueService.BatchEntryIdsNotDistinct
        sns.publish_batch ParameterValueInvalid InvalidParameter
        sns.confirm_subscription InvalidParameter NotFound
        sns.get_endpoint_attributes InvalidParameter NotFound
        sns.get_platform_application_attributes InvalidParameter NotFound
        sns.get_subscription_attributes InvalidParameter NotFound
        sns.publish InvalidParameter MissingParameter
        sns.publish InvalidParameter NotFound
        sns.publish ParameterValueInvalid InvalidParameter
        sns.set_subscription_attributes InvalidParameter NotFound
        sqs.change_message_visibility InvalidParameterValue ReceiptHandleIsInvalid
        sqs.change_message_visibility ReceiptHandleIsInvalid ReceiptHandleIsInvalid
        sqs.create_queue InvalidParameterValue AWS.SimpleQueueService.NonExistentQueue
        sqs.create_queue InvalidParameterValue InvalidParameterCombination
        sqs.delete_message ReceiptHandleIsInvalid ReceiptHandleIsInvalid
        sqs.get_queue_url InvalidParameterValue AWS.SimpleQueueService.NonExistentQueue
        sqs.get_queue_url MissingParameter AWS.SimpleQueueService.NonExistentQueue
        sqs.remove_permission MissingParameter InvalidParameterValue
        sqs.send_message InvalidParameterValue MissingParameter
    """,
    "moto does not know a value that AWS documents.": """
        sns.create_platform_endpoint ok InvalidParameter
        sns.set_subscription_attributes ok InvalidParameter
    """,
    "moto leaves out, or adds, what AWS documents of this answer.": """
        sns.get_endpoint_attributes ok ok
        sns.get_platform_application_attributes ok ok
        sns.get_sms_attributes ok ok
        sns.get_subscription_attributes ok ok
        sns.get_topic_attributes ok ok
        sns.list_endpoints_by_platform_application ok ok
        sns.list_phone_numbers_opted_out ok ok
        sns.list_platform_applications ok ok
        sns.list_tags_for_resource ok ok
        sns.publish ok ok
        sns.publish_batch ok ok
        sqs.get_queue_attributes ok ok
        sqs.list_queue_tags ok ok
        sqs.receive_message ok ok
        sqs.send_message ok ok
        sqs.send_message_batch ok ok
    """,
    "moto took, or refused, an earlier call of the scenario that AWS does not, and differs from then on.": """
        sns.publish ok EndpointDisabled
        sqs.create_queue InvalidAttributeName QueueAlreadyExists
        sqs.create_queue InvalidAttributeValue QueueAlreadyExists
        sqs.create_queue InvalidParameterValue QueueAlreadyExists
        sqs.create_queue ok QueueAlreadyExists
        sqs.get_queue_attributes ok AWS.SimpleQueueService.NonExistentQueue
        sqs.list_dead_letter_source_queues ok AWS.SimpleQueueService.NonExistentQueue
        sqs.receive_message ok AWS.SimpleQueueService.NonExistentQueue
        sqs.send_message ok AWS.SimpleQueueService.NonExistentQueue
        sqs.set_queue_attributes ok AWS.SimpleQueueService.NonExistentQueue
    """,
}

known = {line.strip(): reason for reason, lines in reasons.items() for line in lines.strip().splitlines()}

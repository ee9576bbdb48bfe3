"""Lambda's event source mappings: SQS messages before the functions."""

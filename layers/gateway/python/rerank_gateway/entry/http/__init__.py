"""HTTP as API Gateway has it: events in, responses out."""

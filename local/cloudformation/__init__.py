"""CloudFormation's template language, as much of it as template.yaml uses."""

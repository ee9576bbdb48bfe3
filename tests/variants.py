"""What each parameter of template.yaml makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from local.cloudformation.template import Template

TEMPLATE = Template.read(Path(__file__).parents[1] / "template.yaml")
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
POLICY = "arn:aws:iam::123456789012:policy/more"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
BUS = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/jobs"
VPC = {"SubnetIds": ["subnet-0a1b2c3d", "subnet-4e5f6a7b"], "SecurityGroupIds": ["sg-8c9d0e1f"]}
ENCRYPTED = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
FUNCTIONS, TABLES, QUEUES, LOGS = (
    list(TEMPLATE.resources(kind))
    for kind in ("AWS::Serverless::Function", "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Logs::LogGroup")
)
SECRETS = ["MasterKey", "ProviderSecrets"]
ALARMS = {name for name, facts in TEMPLATE.content["Resources"].items() if facts.get("Condition") == "HasAlarms"}
RANKING = ["RerankFunction", "WorkerFunction"]


def each(names: Sequence[str], path: str, value: Any) -> dict[str, Any]:
    return {f"{name}.{path}": value for name in names}


Variant = tuple[dict[str, str], dict[str, Any], set[str]]
"""Parameters; what is at which place in a resource's properties then, None for nothing; which resources come or go."""
VARIANTS: dict[str, Variant] = {
    "configuration": ({"GatewayConfig": "[retry]"}, {"Configuration.Value": "[retry]"}, set()),
    "x86": ({"Architecture": "x86_64"}, each(FUNCTIONS, "Architectures", ["x86_64"]), set()),
    "RSA keys": ({"RsaKeys": "yes"}, each(FUNCTIONS, "Layers.2", {"Ref": "RsaLayer"}), {"RsaLayer"}),
    "memory": ({"MemorySize": "1024"}, each(["RerankFunction", "SubmitFunction"], "MemorySize", "1024"), set()),
    "workers of batches": (
        {"BatchConcurrency": "20"},
        {"BatchesToWorker.ScalingConfig.MaximumConcurrency": "20"},
        set(),
    ),
    "a worker's memory": ({"WorkerMemorySize": "2048"}, {"WorkerFunction.MemorySize": "2048"}, set()),
    "log retention": ({"LogRetentionDays": "7"}, each(LOGS, "RetentionInDays", "7"), set()),
    "log class": ({"LogClass": "INFREQUENT_ACCESS"}, each(LOGS, "LogGroupClass", "INFREQUENT_ACCESS"), set()),
    "log sampling": ({"LoggedSuccesses": "0.05"}, each(FUNCTIONS, "Environment.LOGGED_SUCCESSES", "0.05"), set()),
    "tracing": ({"Tracing": "Active"}, each(FUNCTIONS, "Tracing", "Active"), set()),
    "deployment": ({"DeploymentType": "AllAtOnce"}, each(FUNCTIONS, "DeploymentPreference.Type", "AllAtOnce"), set()),
    "SnapStart": ({"SnapStart": "PublishedVersions"}, {"RerankFunction.SnapStart.ApplyOn": "PublishedVersions"}, set()),
    "provisioned": (
        {"ProvisionedConcurrency": "5"},
        {"RerankFunction.ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": "5"}},
        set(),
    ),
    "reserved": ({"ReservedConcurrency": "50"}, {"RerankFunction.ReservedConcurrentExecutions": "50"}, set()),
    "VPC": (
        {"VpcSubnetIds": "subnet-0a1b2c3d,subnet-4e5f6a7b", "VpcSecurityGroupIds": "sg-8c9d0e1f"},
        each(FUNCTIONS, "VpcConfig", VPC),
        set(),
    ),
    "domain": (
        {"DomainName": "rerank.example.com", "DomainCertificateArn": CERTIFICATE},
        {
            "Domain.DomainName": "rerank.example.com",
            "Domain.DomainNameConfigurations.0.CertificateArn": CERTIFICATE,
            "DomainMapping.ApiMappingKey": None,
        },
        {"Domain", "DomainMapping"},
    ),
    "base path": (
        {"DomainName": "rerank.example.com", "DomainCertificateArn": CERTIFICATE, "DomainBasePath": "ranking"},
        {"DomainMapping.ApiMappingKey": "ranking"},
        {"Domain", "DomainMapping"},
    ),
    "KMS": (
        {"KmsKeyArn": KEY},
        {
            **each(FUNCTIONS, "KmsKeyArn", KEY),
            **each(TABLES, "SSESpecification", ENCRYPTED),
            **each(QUEUES, "KmsMasterKeyId", KEY),
            **each(QUEUES, "SqsManagedSseEnabled", None),
            **each(LOGS + SECRETS, "KmsKeyId", KEY),
            "PayloadBucket.BucketEncryption.ServerSideEncryptionConfiguration.0": {
                "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
                "BucketKeyEnabled": True,
            },
            "UseTheKey.PolicyDocument.Statement.0.Resource": KEY,
        },
        {"UseTheKey"},
    ),
    "boundary": (
        {"PermissionsBoundary": BOUNDARY},
        each([*FUNCTIONS, "DeploymentRole"], "PermissionsBoundary", BOUNDARY),
        set(),
    ),
    "event bus": (
        {"EventBusName": "jobs"},
        {
            **each(["StatusFunction", "WorkerFunction"], "Environment.EVENT_BUS", "jobs"),
            "StatusFunction.Policies.-1.Statement.AnnounceCancelledJobs.Resource": {"Fn::Sub": BUS},
            "WorkerFunction.Policies.-1.Statement.AnnounceJobs.Resource": {"Fn::Sub": BUS},
        },
        set(),
    ),
    "a policy more": ({"ExtraPolicyArn": POLICY}, each(RANKING, "Policies.1", POLICY), set()),
    "throttling": (
        {"ThrottlingRate": "7", "ThrottlingBurst": "9"},
        {"Endpoint.DefaultRouteSettings": {"ThrottlingRateLimit": "7", "ThrottlingBurstLimit": "9"}},
        set(),
    ),
    "CORS": (
        {"CorsOrigins": "https://app.example.com"},
        each(["RerankFunction", "SubmitFunction"], "Environment.CORS_ORIGINS", "https://app.example.com"),
        set(),
    ),
    "playground": (
        {"Playground": "yes"},
        {"PlaygroundFunction.Events.Page.Properties.Path": "/"},
        {"PlaygroundFunction", "PlaygroundLog"},
    ),
    "direct keys": ({"AllowDirectKeys": "true"}, {"RerankFunction.Environment.ALLOW_DIRECT_KEYS": "true"}, set()),
    "workers": ({"WorkerConcurrency": "3"}, {"JobsToWorker.ScalingConfig.MaximumConcurrency": "3"}, set()),
    "a cross-encoder": (
        {"CpuModel": "s3://models/rerank/", "CpuMemorySize": "3008"},
        {
            "CpuFunction.MemorySize": "3008",
            "CpuFunction.Environment.CPU_MODEL": "s3://models/rerank/",
            "CpuFunction.Layers.0": {"Ref": "CpuLayerArm64"},
            "AskAws.PolicyDocument.Statement.RankOnLambda.Action": "lambda:InvokeFunction",
        },
        {"CpuFunction", "CpuLog", "CpuLayerArm64"},
    ),
    "a cross-encoder on x86": (
        {"CpuModel": "s3://models/rerank/", "Architecture": "x86_64"},
        {"CpuFunction.Layers.0": {"Ref": "CpuLayerX8664"}, "CpuFunction.Architectures": ["x86_64"]},
        {"CpuFunction", "CpuLog", "CpuLayerX8664"},
    ),
    "alarms": (
        {"AlarmEmail": "ops@example.com"},
        {"AlarmTopic.Subscription": [{"Protocol": "email", "Endpoint": "ops@example.com"}]},
        ALARMS,
    ),
    "no dashboard": ({"WithDashboard": "false"}, {}, {"Dashboard"}),
    "an endpoint": (
        {"SageMakerEndpoint": "my-endpoint"},
        {"AskAws.PolicyDocument.Statement.RankOnSageMaker.Action": "sagemaker:InvokeEndpoint"},
        set(),
    ),
    "an emulator": (
        {"AwsEndpointUrl": "http://127.0.0.1:4566"},
        each(FUNCTIONS, "Environment.AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        set(),
    ),
}

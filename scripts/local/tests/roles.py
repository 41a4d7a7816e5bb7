"""Roles as Terraform makes them, for tests without Terraform."""

import json
from typing import Any

import boto3


def trust(service: str, **condition: Any) -> str:
    """A trust policy."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]})


def policy(allowed: dict[str, Any]) -> str:
    """A policy: action → resources."""
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed.items()]})


def role(name: str, service: str, allowed: dict[str, Any], **condition: Any) -> str:
    """Its ARN."""
    iam = boto3.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service, **condition))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(allowed))
    return str(arn)


def instance_profile(name: str, allowed: dict[str, Any]) -> None:
    """Of a role of the same name."""
    iam = boto3.client("iam")
    role(name, "ec2", allowed)
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

"""S3 does not say that there is no such object to one who may not list the bucket: it says 403 and not 404.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html says so under "Permissions".
"""

from types import ModuleType
from typing import Any

from .access import Judge
from .credentials import Sessions, signer
from .roles import Roles

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


def hide_absent_objects(s3: ModuleType, roles: Roles, sessions: Sessions, judge: Judge) -> None:
    """Stands in front of MiniStack's S3, which tells everybody."""
    ask = s3.handle_request

    async def hidden(method: str, path: str, headers: dict[str, str], *rest: Any, **more: Any) -> Any:
        answer = await ask(method, path, headers, *rest, **more)
        role = roles.named(sessions.role_of(signer(headers)) or "")
        if answer[0] != 404 or role is None:
            return answer
        bucket = f"arn:aws:s3:::{path.removeprefix('/').partition('/')[0]}"
        if judge.grants(role, role.arn, "s3:ListBucket", bucket, "us-east-1"):
            return answer
        return 403, {"Content-Type": "application/xml"}, b"" if method == "HEAD" else DENIED

    s3.handle_request = hidden

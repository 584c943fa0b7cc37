"""All posts of a Bluesky account by minet, run by a Python that has it.

python bench/minet_posts.py BASE_URL HANDLE PASSWORD → JSON: requests, seconds, posts

minet pins old versions of what Winterslaap uses: it needs an environment of its own
(python -m venv ELSEWHERE; ELSEWHERE/bin/pip install minet), named to the bench by
WINTERSLAAP_MINET=ELSEWHERE/bin/python. It signs in, asks for the handle and pages through
`getAuthorFeed`, a hundred posts a request, every time anew.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main(base: str, handle: str, password: str) -> None:
    """Print what the whole feed cost."""
    from minet.bluesky import http_client, urls  # type: ignore[import-not-found]

    urls.BlueskyHTTPAPIUrlFormatter.BASE_URL = f"{base}/xrpc"
    urls.BLUESKY_HTTP_API_BASE_URL = f"{base}/xrpc"
    asked, request = [], http_client.request

    def counted(url: str, **more: Any) -> Any:
        asked.append(url)
        answer = request(url, **more)
        if "RateLimit-Remaining" not in answer.headers:  # the tests' servers set no limit
            answer.headers["RateLimit-Remaining"] = "1"
        return answer

    http_client.request = counted
    began = time.perf_counter()
    client = http_client.BlueskyHTTPClient(handle, password)
    posts = list(client.profile_posts(client.resolve_handle(handle)))
    taken = time.perf_counter() - began
    print(json.dumps({"requests": len(asked), "seconds": taken, "posts": len(posts)}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])

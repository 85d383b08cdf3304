"""setWebhook, deleteWebhook, getWebhookInfo of the Bot API (Client.cpp of the open server, `do_set_webhook`)."""

import re
from typing import Any
from urllib.parse import urlsplit

from evaluation.botapi.errors import bad_request
from evaluation.botapi.params import Params
from evaluation.botapi.polling import Polling
from evaluation.botapi.webhook import Hook, Webhook
from evaluation.botapi.world import World


async def set_webhook(world: World, polling: Polling, webhook: Webhook, params: Params) -> bool:
    """An empty address removes the webhook. The open server takes one setWebhook a second only; this one does not
    mind.

    Raises:
        ApiError: the address or the secret token is not valid.
    """
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return await delete_webhook(world, webhook, params)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    polling.end("terminated by setWebhook request")
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.updates.allow(params.structure("allowed_updates"))
    await webhook.set(Hook(url, secret, params.integer("max_connections", 40, 1, 100), params.text("ip_address")))
    return True


async def delete_webhook(world: World, webhook: Webhook, params: Params) -> bool:
    """Remove the webhook, and what was not delivered if asked to."""
    await webhook.remove()
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def webhook_info(world: World, webhook: Webhook) -> dict[str, Any]:
    """The `WebhookInfo` object, with the fields that the open server shows."""
    hook = webhook.hook
    body: dict[str, Any] = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending()),
    }
    if webhook.last_error is not None and hook:
        body["last_error_date"], body["last_error_message"] = webhook.last_error
    if hook:
        body |= {"max_connections": hook.max_connections, "ip_address": hook.ip_address or "127.0.0.1"}
    if world.updates.allowed is not None:
        body["allowed_updates"] = sorted(world.updates.allowed)
    return body

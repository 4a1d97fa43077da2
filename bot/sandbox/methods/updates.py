"""Getting updates: long polling, and where the webhook is."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.sandbox.methods.registry import method
from bot.sandbox.refusal import Json, Refusal, bad_request
from bot.sandbox.state import Webhook, World
from bot.sandbox.updates import WEBHOOK_ACTIVE

BATCH = 100
LONGEST_POLL = 50
"""Seconds. Telegram reads anything longer as this."""


@method
async def get_updates(world: World, p: Json) -> list[Json]:
    """core.telegram.org/bots/api#getupdates. Only one at a time: a new one ends the one that waits."""
    if world.webhook.url:
        raise Refusal(409, WEBHOOK_ACTIVE)
    if "allowed_updates" in p:
        world.updates.allowed = p["allowed_updates"]
    limit = p.get("limit", BATCH)
    return await world.updates.poll(
        p.get("offset", 0), limit if 1 <= limit <= BATCH else BATCH, min(max(p.get("timeout", 0), 0), LONGEST_POLL)
    )


@method
def set_webhook(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#setwebhook. http is taken for an address of this machine, for tests."""
    url = p["url"]
    secret = p.get("secret_token", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if url and not (url.startswith("https://") or _here(url)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if "allowed_updates" in p:
        world.updates.allowed = p["allowed_updates"]
    if p.get("drop_pending_updates"):
        world.updates.clear()
    connections = p.get("max_connections", 40)
    world.webhook = Webhook(url, secret, connections if 1 <= connections <= 100 else 40, "certificate" in p)
    if url:
        world.updates.end_poll("terminated by setWebhook request")
    world.updates.news()
    return True


def _here(url: str) -> bool:
    """Whether an http address is this machine."""
    parts = urlsplit(url)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.scheme == "http" and parts.hostname == "localhost"


@method
def delete_webhook(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#deletewebhook."""
    if p.get("drop_pending_updates"):
        world.updates.clear()
    world.webhook = Webhook()
    return True


@method
def get_webhook_info(world: World, _: Json) -> Json:
    """core.telegram.org/bots/api#getwebhookinfo."""
    hook = world.webhook
    whole: Json = {
        "url": hook.url,
        "has_custom_certificate": hook.certificate,
        "pending_update_count": len(world.updates.pending()),
    }
    if hook.url:
        whole["max_connections"] = hook.max_connections
    if hook.last_error_message:
        whole |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error_message}
    if world.updates.allowed:
        whole["allowed_updates"] = world.updates.allowed
    return whole

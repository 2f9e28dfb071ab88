"""Which handler does which kind of job."""

from connectors.feeds.pulls import PULL_JOB, FeedPulls
from connectors.jobs import Handler
from connectors.mail.order_mails import OrderMails
from connectors.mail.owner_mails import OWNER_MAIL_JOB, OwnerMails
from connectors.order_export.webhook import OrderWebhook
from connectors.retention import RETENTION_JOB, NightlyRetention
from connectors.settings import Settings
from knowledge.orders.announcing import MAIL_JOB, WEBHOOK_JOB
from knowledge.shop import Shop


def job_handlers(settings: Settings, shop: Shop) -> dict[str, Handler]:
    """Handlers by kind of job; a kind without one waits for a process that has it."""
    return {
        MAIL_JOB: OrderMails(settings, shop).send,
        OWNER_MAIL_JOB: OwnerMails(settings, shop.clock).send,
        WEBHOOK_JOB: OrderWebhook(settings, shop.clock).tell,
        PULL_JOB: FeedPulls(settings, shop.units, shop.clock).pull,
        RETENTION_JOB: NightlyRetention(shop.units, shop.clock, shop.profile).run,
    }

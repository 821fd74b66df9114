"""`giliran telegram-poll`: fetches what the Telegram bot was sent, for offices without a public address."""

from __future__ import annotations

from scheduler.cli import spoken
from scheduler.cli.options import Terminal, common_options, database_option
from scheduler.errors import UsageError
from scheduler.language import Bilingual

NO_TOKEN = Bilingual(
    id="Isi GILIRAN_TELEGRAM_TOKEN dengan token bot dari @BotFather.",
    en="Set GILIRAN_TELEGRAM_TOKEN to the bot's token from @BotFather.",
)


@spoken.command(
    "telegram-poll",
    indonesian="""Ambil kiriman pegawai kepada bot Telegram, sampai Ctrl-C; buktinya sama dengan lewat webhook `serve`.

Token bot diambil dari variabel GILIRAN_TELEGRAM_TOKEN.""",
)
@database_option
@spoken.option(
    "--once",
    is_flag=True,
    help=Bilingual(
        id="Ambil yang menunggu, lalu selesai; untuk tugas tiap menit.",
        en="Take what waits, then end; for a task that runs every minute.",
    ),
)
@spoken.option(
    "--replace-webhook",
    is_flag=True,
    help=Bilingual(
        id="Akhiri dahulu webhook bot; keduanya tidak dapat bersamaan.",
        en="End the bot's webhook first; it cannot be polled beside one.",
    ),
)
@spoken.option(
    "--api",
    "base",
    default="https://api.telegram.org",
    show_default=True,
    envvar="GILIRAN_TELEGRAM_API",
    help=Bilingual(id="Alamat Bot API.", en="The Bot API's address."),
)
@common_options
def command(database: str | None, once: bool, replace_webhook: bool, base: str, terminal: Terminal) -> None:
    """Fetch what people sent to the Telegram bot, until Ctrl-C; the same evidence as by `serve`'s webhook.

    The bot's token comes from the variable GILIRAN_TELEGRAM_TOKEN.
    """
    from scheduler.server.needs import require_server

    require_server()
    import logging.config
    import os
    import signal
    import threading
    import time

    from scheduler.server.store.database import database_url, open_database
    from scheduler.server.telegram.client import BotApi
    from scheduler.server.telegram.poll import Poller
    from scheduler.server.telegram.settings import read_settings
    from scheduler.server.web.logs import log_settings

    settings = read_settings(os.environ)
    if not settings.token:
        raise UsageError(NO_TOKEN)
    logging.config.dictConfig(log_settings("DEBUG" if terminal.verbose else "WARNING"))
    engine = open_database(database_url(database))
    api, over = BotApi(settings.token, base), threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)
    poller = Poller(
        api,
        engine,
        settings.bot,
        clock=lambda: time.time_ns() // 1_000_000,
        sleep=over.wait,
        say=terminal.warn,
        long_poll=0 if once else 50,
    )
    try:
        if replace_webhook:
            _end_webhook(api)
        terminal.warn(
            Bilingual(
                id="Mengambil pesan bot; hentikan dengan Ctrl-C.",
                en="Fetching the bot's messages; stop with Ctrl-C.",
            )
        )
        taken = poller.drain() if once else poller.run(over.is_set)
        terminal.answer({"updates": taken})
        terminal.say(Bilingual(id=f"{taken} pesan diambil.", en=f"{taken} updates taken."))
    except _Stopped:
        terminal.warn(Bilingual(id="Berhenti.", en="Stopped."))
    finally:
        engine.dispose()


class _Stopped(Exception):  # noqa: N818 - no error: systemd asks for it
    pass


def _stop(*_: object) -> None:
    raise _Stopped


def _end_webhook(api: object) -> None:
    from scheduler.server.telegram.client import ApiError, BotApi, NoAnswerError

    assert isinstance(api, BotApi)
    try:
        api.call("deleteWebhook", drop_pending_updates=False)
    except (ApiError, NoAnswerError) as error:
        raise UsageError(
            Bilingual(
                id=f"Webhook tidak dapat diakhiri ({error}).", en=f"The webhook cannot be ended ({error})."
            )
        ) from None

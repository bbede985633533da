"""The queue as it is when the worker has other work: what is asked waits there as real messages, and is done later."""

from collections.abc import Iterator
from contextlib import contextmanager

from kombu import Connection, Message
from kombu.simple import SimpleQueue

from supervision.celery import app


@contextmanager
def busy_worker() -> Iterator[None]:
    """The worker is occupied elsewhere: what is asked of it inside waits in the queue, and is done at the end."""
    before, app.conf.task_always_eager = app.conf.task_always_eager, False
    with _queue() as queue:
        queue.clear()  # what earlier tests left there is nobody's any more
    try:
        yield
    finally:
        app.conf.task_always_eager = before
        _work_off()


@contextmanager
def _queue() -> Iterator[SimpleQueue]:
    with Connection(app.conf.broker_url) as connection, connection.SimpleQueue(app.conf.task_default_queue) as queue:
        yield queue


def _work_off() -> None:
    with _queue() as queue:
        while message := _next_of(queue):
            args, kwargs, _embedded = message.payload
            app.tasks[message.headers["task"]].apply(args, kwargs)
            message.ack()


def _next_of(queue: SimpleQueue) -> Message | None:
    try:
        return queue.get(block=False)
    except queue.Empty:
        return None

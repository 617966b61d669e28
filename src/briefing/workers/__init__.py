"""Many hands on one log: the queue of jobs, who leads, and what a worker does. Needs PostgreSQL.

The queue holds nothing that matters: what there is to do follows from the log and from the last polls, and a queue
that was lost is filled again within seconds.
"""

from briefing.workers.beats import Beats
from briefing.workers.leader import lead
from briefing.workers.queue import Queue
from briefing.workers.worker import Worker

__all__ = ["Beats", "Queue", "Worker", "lead"]

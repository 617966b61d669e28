"""When: the only room that knows APScheduler.

`Timetable` works by itself, in one process on one machine. `Scheduler`, in `leading`, shares the work out to many
workers.
"""

from briefing.schedule.timetable import Timetable

__all__ = ["Timetable"]
